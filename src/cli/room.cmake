add_executable(seawall src/cli/main.cpp)
target_link_libraries(seawall PRIVATE sw_cli)
set_target_properties(seawall PROPERTIES RUNTIME_OUTPUT_DIRECTORY ${CMAKE_BINARY_DIR}/bin)
