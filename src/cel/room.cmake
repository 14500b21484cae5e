if(SEAWALL_TESTS)
  # The scenario tests' hand on the room, to be held against cel-go.
  add_executable(cel_probe ${CMAKE_SOURCE_DIR}/tests/scenarios/cel_probe.cpp)
  target_link_libraries(cel_probe PRIVATE sw_cel)
  set_target_properties(cel_probe PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endif()
