find_package(CLI11 CONFIG REQUIRED)
target_link_libraries(sw_base PRIVATE CLI11::CLI11)
