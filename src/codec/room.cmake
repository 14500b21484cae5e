target_link_libraries(sw_codec PRIVATE simdjson yaml tomlplusplus pugixml)
if(SEAWALL_SANITIZE)
  # RapidJSON 1.1 compares null + n with null before it allocates for the first time.
  set_source_files_properties(src/codec/json_write.cpp PROPERTIES COMPILE_OPTIONS
    $<$<CXX_COMPILER_ID:Clang>:-fno-sanitize=pointer-overflow>)
endif()
