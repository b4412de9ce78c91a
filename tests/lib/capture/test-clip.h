/* test-clip.h: makes real clips to test with
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Writes @n_frames H.264 frames (15 a second, a key frame a second) of videotestsrc's @pattern
 * into @path; the ending chooses the container (.mkv or .mp4). */
void test_clip_make (const char *path, const char *pattern, int n_frames, int width, int height);
/* Writes what the gst-launch text @pipeline_text gives, up to its muxer, into @path. */
void test_clip_make_with (const char *path, const char *pipeline_text);
/* A new folder that test_clip_remove_folder takes away with all its files. (transfer full) */
char *test_clip_make_folder (void);
void test_clip_remove_folder (char *folder);
/* The first @fraction of @path's bytes, as a copy to @torn. */
void test_clip_tear (const char *path, const char *torn, double fraction);

G_END_DECLS
