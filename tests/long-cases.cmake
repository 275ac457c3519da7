# SPDX-License-Identifier: GPL-2.0-only

# Cases that take more than a second or two; by seconds, release. CTest begins with them, so that no core is left
# with a long one at the end when the others have nothing to do. tools/check-house knows that they are there.
foreach(
  case
  "10:random traffic over random fabrics and knobs arrives whole, and credits add up"
  "6:a collective takes the time of packets: exact the same, fair within 1 %, unfolded as if it were written out"
  "5:each packet goes over planes when it does with an event for every credit"
  "3:each packet goes over one switch when it does with an event for every credit"
  "3:fifo inputs saturate where head-of-line blocking has them, whatever the arbiter"
  "3:load is the fraction of the sources' rate on the wire, by all arrivals"
  "3:a ring carried as a whole is what its messages are, whoever comes across it"
  "2:a memo changes nothing of the results, on random fabrics and workloads"
  "2:the sweeps of the studies can be read, and none of their points is refused"
  "2:cells wait as long for iSLIP as in an independent slotted model"
  "2:errors on every link of random fabrics lose nothing, under both simulators"
  "2:channels, chunks, meshes and nodes change no result and no sum of bytes"
)
  string(REGEX MATCH "^([0-9]+):(.*)$" matched "${case}")
  set_tests_properties("${CMAKE_MATCH_2}" PROPERTIES COST ${CMAKE_MATCH_1})
endforeach()
