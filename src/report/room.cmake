find_package(fmt REQUIRED)
target_link_libraries(sw_report PRIVATE fmt::fmt)
if(SEAWALL_TESTS)
  # The scenario tests' converter: our JSON (or an SBOM) in, any format out.
  add_executable(report_probe ${CMAKE_SOURCE_DIR}/tests/scenarios/report_probe.cpp)
  target_link_libraries(report_probe PRIVATE sw_report)
  set_target_properties(report_probe PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/tests)
endif()
