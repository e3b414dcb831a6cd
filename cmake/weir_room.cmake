# SPDX-License-Identifier: BSL-1.0
# A room is a folder and a target:
#   weir_room(target folder [OBJECTS] [LINKS rooms...] [PRIVATE libraries...])
#
# Every .cpp below the folder goes in. Those who link the room, and the room itself, can include its
# headers as "folder/header.hpp", by way of a directory of its own that holds one symbolic link;
# nobody else can. What is named under PRIVATE is linked, but its headers are seen by this room
# only. A room without sources is an interface. OBJECTS keeps the object files as they are instead
# of making an archive.
function(weir_room target folder)
    cmake_parse_arguments(room "OBJECTS" "" "LINKS;PRIVATE" ${ARGN})
    set(place "${CMAKE_BINARY_DIR}/rooms/${target}")
    weir_link("${CMAKE_SOURCE_DIR}/${folder}" "${place}/${folder}")

    file(GLOB_RECURSE sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/${folder}/*.cpp")
    if(NOT sources)
        add_library(${target} INTERFACE)
        target_include_directories(${target} INTERFACE "${place}")
        target_link_libraries(${target} INTERFACE ${room_LINKS} Threads::Threads)
        return()
    endif()
    if(room_OBJECTS)
        add_library(${target} OBJECT ${sources})
    else()
        add_library(${target} STATIC ${sources})
    endif()
    target_include_directories(${target} PUBLIC "${place}")
    target_link_libraries(${target}
        PUBLIC ${room_LINKS} Threads::Threads PRIVATE weir_flags ${room_PRIVATE})
endfunction()

# weir_link(to at): makes `at` a symbolic link to `to`, with its parent folders.
function(weir_link to at)
    cmake_path(GET at PARENT_PATH parent)
    file(MAKE_DIRECTORY "${parent}")
    file(CREATE_LINK "${to}" "${at}" SYMBOLIC)
endfunction()
