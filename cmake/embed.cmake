# seawall_embed(target name file): the bytes of a file as `std::string_view seawall::embedded::<name>() noexcept` in the
# target. The assembler takes them in as they are: no source text of them is compiled.
function(seawall_embed target name file)
  set(SEAWALL_EMBED_NAME ${name})
  set(SEAWALL_EMBED_FILE ${file})
  set(made ${CMAKE_BINARY_DIR}/embedded/${name}.cpp)
  configure_file(${CMAKE_SOURCE_DIR}/cmake/embed.cpp.in ${made} @ONLY)
  set_source_files_properties(${made} PROPERTIES OBJECT_DEPENDS ${file} SKIP_UNITY_BUILD_INCLUSION ON
    SKIP_PRECOMPILE_HEADERS ON)
  target_sources(${target} PRIVATE ${made})
endfunction()
