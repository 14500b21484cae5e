find_package(CLI11 CONFIG REQUIRED)
find_library(SEAWALL_RE2 re2 REQUIRED)
target_link_libraries(sw_base PRIVATE CLI11::CLI11 ${SEAWALL_RE2})
