# The packer is of this room, but must be there before the room is: it brings the units that it needs.
add_executable(rule-packer EXCLUDE_FROM_ALL src/rulebook/pack_main.cpp src/rulebook/pack.cpp src/rulebook/rule_file.cpp
  src/rulebook/rule_paths.cpp)
target_link_libraries(rule-packer PRIVATE sw_codec sw_model)

file(GLOB_RECURSE rules CONFIGURE_DEPENDS ${CMAKE_SOURCE_DIR}/rules/*.yaml)
list(FILTER rules EXCLUDE REGEX "\\.test\\.yaml$")
set(pack ${CMAKE_BINARY_DIR}/rules.pack)
add_custom_command(OUTPUT ${pack} COMMAND rule-packer ${pack} rules
  DEPENDS rule-packer ${rules} WORKING_DIRECTORY ${CMAKE_SOURCE_DIR} VERBATIM COMMENT "Packing rules")
seawall_embed(sw_rulebook shipped_rules ${pack})
