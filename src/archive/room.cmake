find_package(PkgConfig REQUIRED)
pkg_check_modules(ISAL REQUIRED IMPORTED_TARGET libisal)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd)
pkg_check_modules(LZMA REQUIRED IMPORTED_TARGET liblzma)
pkg_check_modules(DEFLATE REQUIRED IMPORTED_TARGET libdeflate)
find_package(BZip2 REQUIRED)
target_link_libraries(sw_archive PRIVATE PkgConfig::ISAL PkgConfig::ZSTD PkgConfig::LZMA PkgConfig::DEFLATE
  BZip2::BZip2)
