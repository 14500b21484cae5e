target_link_libraries(sw_codec PRIVATE simdjson yaml tomlplusplus pugixml)
