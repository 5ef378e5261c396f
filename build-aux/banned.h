/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Included in front of every C file: the libc calls that have no safe use here do not compile. */
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#pragma GCC poison strcpy strcat strncpy strncat sprintf vsprintf strtok gets asctime ctime tmpnam mktemp
