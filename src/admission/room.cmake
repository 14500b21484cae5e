if(SEAWALL_TESTS)
  # The scenario tests' hand on the type checks, to be held against the API server's.
  add_executable(type_probe ${CMAKE_SOURCE_DIR}/tests/scenarios/type_probe.cpp)
  target_link_libraries(type_probe PRIVATE sw_admission)
  set_target_properties(type_probe PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endif()
