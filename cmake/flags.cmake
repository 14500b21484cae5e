# Flags that every target shares. Paths are mapped to relative ones, so that another clone hits the compiler cache.
add_library(sw_flags INTERFACE)
target_include_directories(sw_flags INTERFACE ${CMAKE_SOURCE_DIR}/src)
target_compile_options(sw_flags INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Wnon-virtual-dtor
  -ffile-prefix-map=${CMAKE_SOURCE_DIR}/=
  -fno-plt -fstack-protector-strong)
target_compile_definitions(sw_flags INTERFACE $<$<CONFIG:Release>:_FORTIFY_SOURCE=2>
  SEAWALL_VERSION="${PROJECT_VERSION}")
if(SEAWALL_WERROR)
  target_compile_options(sw_flags INTERFACE -Werror)
endif()
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # gcc 12 sees ghosts in inlined std::string and std::expected code at -O2 (PR105329, PR105562, PR105651).
  target_compile_options(sw_flags INTERFACE -Wno-restrict -Wno-maybe-uninitialized -Wno-free-nonheap-object
    -Wno-array-bounds -Wno-stringop-overflow -Wno-stringop-overread)
  # It takes a member that a designated initialiser leaves to its default for a forgotten one.
  target_compile_options(sw_flags INTERFACE -Wno-missing-field-initializers)
else()
  # libstdc++ 12's stable_sort uses what C++23 has deprecated.
  target_compile_options(sw_flags INTERFACE -Wno-gnu-statement-expression -Wno-missing-designated-field-initializers
    -Wno-deprecated-declarations)
endif()
if(SEAWALL_SANITIZE)
  target_compile_options(sw_flags INTERFACE -fsanitize=${SEAWALL_SANITIZE} -fno-omit-frame-pointer
    -fno-sanitize-recover=all)
  target_link_options(sw_flags INTERFACE -fsanitize=${SEAWALL_SANITIZE})
  if(SEAWALL_FUZZ)
    target_compile_options(sw_flags INTERFACE -fsanitize=fuzzer-no-link)
  endif()
endif()
find_program(MOLD mold)
if(MOLD)
  target_link_options(sw_flags INTERFACE -fuse-ld=mold)
endif()
find_package(Threads REQUIRED)
target_link_libraries(sw_flags INTERFACE Threads::Threads)

# A fresh clone in another folder compiles the same commands as this one.
find_program(CCACHE ccache)
if(CCACHE)
  set(launcher ${CMAKE_COMMAND} -E env CCACHE_BASEDIR=${CMAKE_SOURCE_DIR} CCACHE_NOHASHDIR=1
    "CCACHE_SLOPPINESS=pch_defines,time_macros,include_file_mtime,include_file_ctime" CCACHE_NOPCH_EXTSUM=true ${CCACHE})
  set(CMAKE_C_COMPILER_LAUNCHER ${launcher})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${launcher})
endif()
