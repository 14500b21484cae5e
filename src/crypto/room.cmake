find_package(OpenSSL 3 REQUIRED)
target_link_libraries(sw_crypto PRIVATE OpenSSL::Crypto)
