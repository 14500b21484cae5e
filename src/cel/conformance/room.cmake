add_executable(cel-conformance src/cel/conformance/main.cpp)
target_link_libraries(cel-conformance PRIVATE sw_cel_conformance)
set_target_properties(cel-conformance PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
