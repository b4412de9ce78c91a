/* test-camera-config.c: key files of cameras: what they say, and each mistake named where it stands
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-camera-config.h"

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "bolo-error.h"
#include "test-clip.h"

typedef struct {
  char *folder; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->folder = test_clip_make_folder ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  test_clip_remove_folder (fixture->folder);
}

static char *
write_file (Fixture *fixture, const char *name, const char *text)
{
  char *path = g_build_filename (fixture->folder, name, NULL);

  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static BoloCameraConfig *
load (Fixture *fixture, const char *text, GError **error)
{
  g_autofree char *path = write_file (fixture, "front-left.conf", text);

  return bolo_camera_config_load (path, error);
}

static void
test_full (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCameraConfig) config = load (fixture,
                                              "[camera]\n"
                                              "title=Front left\n"
                                              "source=v4l2:/dev/video2\n"
                                              "looks=front-left\n"
                                              "heading_deg=-25\n"
                                              "mounting=behind the grille\n"
                                              "role=oncoming\n"
                                              "spectrum=infrared\n"
                                              "overview=front\n"
                                              "crop=11,20,640,360\n"
                                              "mask=0,0 100,0 100,50;10,10 20.5,10 20,20 10,20\n"
                                              "exposure=2000\n"
                                              "gain=auto\n"
                                              "width=1280\nheight=720\nframe_rate=29.97\n"
                                              "delay_ms=40\nlatency_ms=150\n"
                                              "preview_width=320\npreview_rate=10\n"
                                              "max_rate=12\nloop=true\n",
                                              &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->info->name, ==, "front-left");
  g_assert_cmpstr (config->info->title, ==, "Front left");
  g_assert_cmpstr (config->info->looks, ==, "front-left");
  g_assert_cmpstr (config->info->mounting, ==, "behind the grille");
  g_assert_cmpint (config->info->role, ==, BOLO_CAMERA_ROLE_ONCOMING);
  g_assert_true (config->info->is_infrared);
  g_assert_cmpfloat (config->info->heading_deg, ==, -25);
  g_assert_cmpstr (config->info->overview, ==, "front");
  g_assert_cmpint (config->source, ==, BOLO_CAMERA_SOURCE_V4L2);
  g_assert_cmpstr (config->device, ==, "/dev/video2");
  g_assert_cmpint (config->crop[0], ==, 10); /* even, for the chroma */
  g_assert_cmpint (config->crop[3], ==, 360);
  g_assert_cmpuint (config->masks->len, ==, 2);
  g_assert_cmpuint (((GArray *) g_ptr_array_index (config->masks, 1))->len, ==, 4);
  g_assert_cmpstr (config->exposure, ==, "2000");
  g_assert_cmpstr (config->gain, ==, "auto");
  g_assert_cmpint (config->width, ==, 1280);
  g_assert_cmpfloat (config->frame_rate, ==, 29.97);
  g_assert_cmpint (config->delay_ms, ==, 40);
  g_assert_cmpint (config->latency_ms, ==, 150);
  g_assert_cmpint (config->preview_width, ==, 320);
  g_assert_cmpfloat (config->preview_rate, ==, 10);
  g_assert_cmpfloat (config->max_rate, ==, 12);
  g_assert_true (config->is_looping);
}

static void
test_defaults (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCameraConfig) config =
    load (fixture, "[camera]\nsource=replay:clip.mkv\n", &error);
  g_autofree char *clip = g_build_filename (fixture->folder, "clip.mkv", NULL);
  g_autofree char *source = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (config->info->name, ==, "front-left");
  g_assert_cmpint (config->info->role, ==, BOLO_CAMERA_ROLE_LANE);
  g_assert_true (isnan (config->info->heading_deg));
  g_assert_cmpstr (config->device, ==, clip);
  g_assert_cmpint (config->preview_width, ==, 640);
  g_assert_true (config->has_preview);
  g_assert_cmpint (config->transport, ==, BOLO_CAMERA_TRANSPORT_TCP);
  source = bolo_camera_config_describe_source (config);
  g_assert_cmpstr (source, ==, "clip.mkv");
}

static void
test_libcamera (Fixture *fixture, gconstpointer data)
{
  g_autoptr (BoloCameraConfig) first = load (fixture, "[camera]\nsource=libcamera\n", NULL);
  g_autoptr (BoloCameraConfig) named =
    load (fixture, "[camera]\nsource=libcamera:/base/i2c/imx708@1a\nname=nose\n", NULL);

  g_assert_cmpint (first->source, ==, BOLO_CAMERA_SOURCE_LIBCAMERA);
  g_assert_cmpstr (first->device, ==, "");
  g_assert_cmpstr (named->device, ==, "/base/i2c/imx708@1a");
  g_assert_cmpstr (named->info->name, ==, "nose");
}

/* Credentials leave the address at once, so that nothing that is printed can hold them. */
static void
test_credentials (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCameraConfig) inside =
    load (fixture, "[camera]\nsource=rtsp://nick:se%40cret@10.0.0.5:8554/s?x=1\n", &error);
  g_autoptr (BoloCameraConfig) beside = NULL;
  g_autofree char *password_file = g_build_filename (fixture->folder, "front.pw", NULL);
  g_autofree char *source = NULL;

  g_assert_no_error (error);
  g_assert_cmpstr (inside->device, ==, "rtsp://10.0.0.5:8554/s?x=1");
  g_assert_cmpstr (inside->user, ==, "nick");
  g_assert_cmpstr (inside->password, ==, "se@cret");
  source = bolo_camera_config_describe_source (inside);
  g_assert_null (strstr (source, "cret"));
  g_assert_null (strstr (source, "nick"));

  beside = load (fixture,
                 "[camera]\nsource=rtsp://cam/1\nuser=nick\npassword_file=front.pw\n"
                 "transport=udp\n",
                 &error);
  g_assert_no_error (error);
  g_assert_cmpstr (beside->device, ==, "rtsp://cam/1");
  g_assert_cmpstr (beside->password_file, ==, password_file);
  g_assert_cmpint (beside->transport, ==, BOLO_CAMERA_TRANSPORT_UDP);
}

typedef struct {
  const char *name;
  const char *text;
  const char *where;
  const char *says;
} Mistake;

static const Mistake mistakes[] = {
  {"key", "[camera]\nsorce=v4l2:/dev/video0\n", ":2:", "source"},
  {"scheme", "[camera]\nsource=rtps://cam/1\n", ":2:", "rtsp"},
  {"scheme-far", "[camera]\n\nsource=zzzzzzz\n", ":3:", "v4l2:/dev/videoN"},
  {"none", "[camera]\nlooks=front\n", "front-left.conf", "no source"},
  {"group", "# nothing\n", "front-left.conf", "[camera]"},
  {"role", "[camera]\nsource=libcamera:\nrole=lanes\n", ":3:", "lane"},
  {"looks", "[camera]\nsource=libcamera:\nlooks=font\n", ":3:", "front"},
  {"heading", "[camera]\nsource=libcamera:\nheading_deg=north\n", ":3:", "heading_deg"},
  {"crop", "[camera]\nsource=libcamera:\ncrop=1,2,3\n", ":3:", "X,Y,WIDTH,HEIGHT"},
  {"crop-small", "[camera]\nsource=libcamera:\ncrop=1,2,3,4\n", ":3:", "16 pixels"},
  {"mask", "[camera]\nsource=libcamera:\nmask=1,2 3,4\n", ":3:", "three corners"},
  {"mask-text", "[camera]\nsource=libcamera:\nmask=1,2 3,4 a,b\n", ":3:", "three corners"},
  {"exposure", "[camera]\nsource=libcamera:\nexposure=long\n", ":3:", "exposure"},
  {"rate", "[camera]\nsource=libcamera:\nframe_rate=0\n", ":3:", "frame_rate"},
  {"transport", "[camera]\nsource=rtsp://c/1\ntransport=tpc\n", ":3:", "tcp"},
  {"name", "[camera]\nsource=libcamera:\nname=a b\n", ":3:", "letters"},
  {"v4l2", "[camera]\nsource=v4l2:video0\n", ":2:", "/dev/video0"},
  {"replay", "[camera]\nsource=replay:\n", ":2:", "path"},
  {"both", "[camera]\nsource=libcamera:\nfile=a.mkv\n", ":3:", "not both"},
  {"user", "[camera]\nsource=rtsp://c/1\npassword_file=x\n", ":3:", "user="},
  {"rtsp", "[camera]\nsource=rtsp://nick:secret@/1\n", ":2:", "rtsp://HOST"},
};

static void
test_mistake (Fixture *fixture, gconstpointer data)
{
  const Mistake *mistake = data;
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloCameraConfig) config = load (fixture, mistake->text, &error);

  g_assert_null (config);
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_INVALID_DATA);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, mistake->where));
  g_assert_nonnull (strstr (error->message, mistake->says));
  g_assert_null (strstr (error->message, "secret"));
  g_assert_null (strchr (error->message, '\n'));
}

static void
test_directory (Fixture *fixture, gconstpointer data)
{
  g_autofree char *rear =
    write_file (fixture, "b.conf", "[camera]\nname=rear\nsource=libcamera:\n");
  g_autofree char *front =
    write_file (fixture, "a.conf", "[camera]\nname=front\nsource=libcamera:\noverview=rear\n");
  g_autofree char *note = write_file (fixture, "note.txt", "not a camera");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) cameras = bolo_camera_config_load_directory (fixture->folder, &error);
  const BoloCameraConfig *first;

  g_assert_no_error (error);
  g_assert_cmpuint (cameras->len, ==, 2);
  first = g_ptr_array_index (cameras, 0);
  g_assert_cmpstr (first->info->name, ==, "front");
}

static void
test_directory_mistakes (Fixture *fixture, gconstpointer data)
{
  g_autofree char *a = write_file (fixture, "a.conf", "[camera]\nname=x\nsource=libcamera:\n");
  g_autofree char *b = write_file (fixture, "b.conf", "[camera]\nname=x\nsource=libcamera:\n");
  g_autofree char *missing = g_build_filename (fixture->folder, "none", NULL);
  g_autoptr (GError) error = NULL;

  g_assert_null (bolo_camera_config_load_directory (fixture->folder, &error));
  g_assert_nonnull (strstr (error->message, "taken by"));
  g_clear_error (&error);

  g_remove (b);
  g_free (a);
  a = write_file (fixture, "a.conf", "[camera]\nsource=libcamera:\noverview=nobody\n");
  g_assert_null (bolo_camera_config_load_directory (fixture->folder, &error));
  g_assert_nonnull (strstr (error->message, "nobody"));
  g_clear_error (&error);

  g_assert_null (bolo_camera_config_load_directory (missing, &error));
  g_assert_error (error, BOLO_ERROR, BOLO_ERROR_NOT_FOUND);
}

static void
test_recording_group (Fixture *fixture, gconstpointer data)
{
  const BoloKeySpec specs[] = {{"camera *", bolo_camera_config_get_keys ()}, {NULL, NULL}};
  g_autofree char *path =
    write_file (fixture, "recording.ini", "[camera rear]\nfile=rear.mkv\nlooks=rear\n");
  g_autofree char *clip = g_build_filename (fixture->folder, "rear.mkv", NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (BoloKeyFile) file = bolo_key_file_load (path, specs, &error);
  g_autoptr (BoloCameraConfig) config = NULL;

  g_assert_no_error (error);
  config = bolo_camera_config_new_from_group (file, "camera rear", "rear", &error);
  g_assert_no_error (error);
  g_assert_cmpint (config->source, ==, BOLO_CAMERA_SOURCE_REPLAY);
  g_assert_cmpstr (config->device, ==, clip);
  g_assert_cmpstr (config->info->name, ==, "rear");
}

#define ADD(path, data, function) g_test_add (path, Fixture, data, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("/camera-config/full", NULL, test_full);
  ADD ("/camera-config/defaults", NULL, test_defaults);
  ADD ("/camera-config/libcamera", NULL, test_libcamera);
  ADD ("/camera-config/credentials", NULL, test_credentials);
  ADD ("/camera-config/directory", NULL, test_directory);
  ADD ("/camera-config/directory-mistakes", NULL, test_directory_mistakes);
  ADD ("/camera-config/recording-group", NULL, test_recording_group);
  for (gsize i = 0; i < G_N_ELEMENTS (mistakes); i++) {
    g_autofree char *path = g_strconcat ("/camera-config/mistake/", mistakes[i].name, NULL);

    ADD (path, &mistakes[i], test_mistake);
  }
  return g_test_run ();
}
