# SPDX-License-Identifier: GPL-2.0-only

# Compile, as C++17, all public headers together with every module header of the installed ns-3:
# no name of one is another's, and scripts of any kind may include them.

file(GLOB headers ${ns3_include}/ns3/*-module.h)
list(FILTER headers EXCLUDE REGEX "/mtlink-module.h$") # an older one may be installed
list(LENGTH headers count)
if(count EQUAL 0)
  message(FATAL_ERROR "${ns3_include} has no module headers of ns-3")
endif()
set(source "#include \"ns3/mtlink-module.h\"\n")
foreach(header IN LISTS headers)
  get_filename_component(name ${header} NAME)
  string(APPEND source "#include \"ns3/${name}\"\n")
endforeach()
set(file ${build}/tests/install/all-headers.cc)
file(WRITE ${file} "${source}")
separate_arguments(flags UNIX_COMMAND "${flags}")
execute_process(
  COMMAND ${compiler} ${flags} -std=c++17 -Wall -Wextra -fsyntax-only -I ${build}/include -idirafter
          ${ns3_include} ${file}
  RESULT_VARIABLE result
  ERROR_VARIABLE output
)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "${output}")
endif()
