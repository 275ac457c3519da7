# SPDX-License-Identifier: GPL-2.0-only

# Make the imported targets of an installed ns-3 fit to link with. Shared by
# mtlink's own build and by find_package(mtlink).
#
# mtlink_find_ns3_targets(MODULE...): of these modules and all that they link. Sets
# mtlink_ns3_<module> to the target of each: ns-3.43 dropped the "lib" prefix of the
# names. Where there is the old name only, ns3::<module> is made to mean it. Sets
# mtlink_ns3_missing to those of the modules that this ns-3 lacks.
#
# Debian's 3.37 names development files (libgsl.so, libsqlite3.so, Python's
# headers) in its targets that libns3-dev does not depend on: what is absent is
# dropped, as the shared libraries of ns-3 know their own dependencies.
macro(mtlink_find_ns3_targets)
  set(mtlink_ns3_missing)
  set(waiting ${ARGN})
  set(done)
  while(waiting)
    list(POP_FRONT waiting module)
    if(module IN_LIST done)
      continue()
    endif()
    list(APPEND done ${module})
    if(TARGET ns3::lib${module})
      set(mtlink_ns3_${module} ns3::lib${module})
      if(NOT TARGET ns3::${module})
        add_library(ns3::${module} INTERFACE IMPORTED)
        set_target_properties(
          ns3::${module} PROPERTIES INTERFACE_LINK_LIBRARIES ns3::lib${module}
        )
      endif()
    elseif(TARGET ns3::${module})
      set(mtlink_ns3_${module} ns3::${module})
    else()
      list(APPEND mtlink_ns3_missing ${module})
      continue()
    endif()
    foreach(property INTERFACE_LINK_LIBRARIES INTERFACE_INCLUDE_DIRECTORIES)
      get_target_property(items ${mtlink_ns3_${module}} ${property})
      if(NOT items)
        continue()
      endif()
      set(kept)
      foreach(item IN LISTS items)
        if(NOT IS_ABSOLUTE "${item}" OR EXISTS "${item}")
          list(APPEND kept "${item}")
        endif()
        if(item MATCHES "^ns3::(lib)?(.+)$")
          list(APPEND waiting ${CMAKE_MATCH_2})
        endif()
      endforeach()
      set_target_properties(
        ${mtlink_ns3_${module}} PROPERTIES ${property} "${kept}"
      )
    endforeach()
  endwhile()
endmacro()
