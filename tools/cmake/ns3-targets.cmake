# SPDX-License-Identifier: GPL-2.0-only

# Make the imported targets of an installed ns-3 fit to link with. Shared by
# mtlink's own build and by find_package(mtlink). Sets mtlink_ns3_<module> to the
# target of each module: ns-3.43 dropped the "lib" prefix of the names.
#
# Debian's 3.37 names development files (libgsl.so, libsqlite3.so, Python's
# headers) in its targets that libns3-dev does not depend on: what is absent is
# dropped, as the shared libraries of ns-3 know their own dependencies.
macro(mtlink_find_ns3_targets)
  foreach(module core stats network) # the modules in use, and those they link
    if(TARGET ns3::${module})
      set(mtlink_ns3_${module} ns3::${module})
    else()
      set(mtlink_ns3_${module} ns3::lib${module})
    endif()
    foreach(property INTERFACE_LINK_LIBRARIES INTERFACE_INCLUDE_DIRECTORIES)
      get_target_property(items ${mtlink_ns3_${module}} ${property})
      set(kept)
      foreach(item IN LISTS items)
        if(NOT IS_ABSOLUTE "${item}" OR EXISTS "${item}")
          list(APPEND kept "${item}")
        endif()
      endforeach()
      set_target_properties(
        ${mtlink_ns3_${module}} PROPERTIES ${property} "${kept}"
      )
    endforeach()
  endforeach()
endmacro()
