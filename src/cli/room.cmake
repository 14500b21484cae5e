find_package(PkgConfig REQUIRED)
pkg_check_modules(EDIT REQUIRED IMPORTED_TARGET libedit)
target_link_libraries(sw_cli PRIVATE PkgConfig::EDIT)
seawall_embed(sw_cli rules_schema ${CMAKE_SOURCE_DIR}/api/rules.schema.json)
add_executable(seawall src/cli/main.cpp)
target_link_libraries(seawall PRIVATE sw_cli)
set_target_properties(seawall PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
# The starter database lies beside the program, wherever that is built.
add_custom_command(OUTPUT ${CMAKE_BINARY_DIR}/bin/starter.db.zst
  COMMAND ${CMAKE_COMMAND} -E copy ${CMAKE_SOURCE_DIR}/data/starter.db.zst ${CMAKE_BINARY_DIR}/bin/starter.db.zst
  DEPENDS ${CMAKE_SOURCE_DIR}/data/starter.db.zst VERBATIM)
add_custom_target(starter_database ALL DEPENDS ${CMAKE_BINARY_DIR}/bin/starter.db.zst)
add_dependencies(seawall starter_database)
