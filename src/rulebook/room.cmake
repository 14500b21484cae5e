# The packer is of this room, but must be there before the room is: it brings the units that it needs.
add_executable(rule-packer EXCLUDE_FROM_ALL src/rulebook/pack_main.cpp src/rulebook/pack.cpp src/rulebook/rule_file.cpp
  src/rulebook/rule_paths.cpp)
target_link_libraries(rule-packer PRIVATE sw_codec sw_model)

file(GLOB_RECURSE rules CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/*.yaml)
set(pack ${CMAKE_BINARY_DIR}/rules.pack)
set(sources ${CMAKE_BINARY_DIR}/rule-files.pack)
add_custom_command(OUTPUT ${pack} ${sources} COMMAND rule-packer ${pack} ${sources} rules
  DEPENDS rule-packer ${rules} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM COMMENT "Packing rules")
seawall_embed(sw_rulebook shipped_rules ${pack})
seawall_embed(sw_rulebook shipped_rule_files ${sources})
