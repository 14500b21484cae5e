find_package(CURL REQUIRED)
target_link_libraries(sw_net PRIVATE CURL::libcurl)
