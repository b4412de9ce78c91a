/* rtsp-server.c: a real RTSP server on loopback, to be stopped, frozen and killed by tests
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * rtsp-server [--port N] [--user U --password P] PATH=CLIP... : streams each H.264 clip, or a
 * moving picture where CLIP is "ball" (H.264) or "ball265" (H.265), at rtsp://127.0.0.1:PORT/PATH.
 * Says "port N" when it listens.
 */
#include <gst/rtsp-server/rtsp-server.h>
#include <locale.h>
#include <signal.h>
#include <sys/prctl.h>

#define BALL                                                                                       \
  "videotestsrc is-live=true pattern=ball ! "                                                      \
  "video/x-raw,format=I420,width=320,height=240,framerate=15/1 ! "
#define LIVE_H264                                                                                  \
  "( " BALL "x264enc speed-preset=ultrafast tune=zerolatency key-int-max=15 threads=1 ! "          \
  "rtph264pay name=pay0 pt=96 config-interval=-1 )"
#define LIVE_H265                                                                                  \
  "( " BALL "x265enc speed-preset=ultrafast tune=zerolatency key-int-max=15 ! "                    \
  "rtph265pay name=pay0 pt=96 config-interval=-1 )"
#define CLIP                                                                                       \
  "( filesrc location=%s ! matroskademux ! h264parse ! "                                           \
  "rtph264pay name=pay0 pt=96 config-interval=-1 )"

static void
add_stream (GstRTSPServer *server, const char *text)
{
  g_autoptr (GstRTSPMountPoints) mounts = gst_rtsp_server_get_mount_points (server);
  GstRTSPMediaFactory *factory = gst_rtsp_media_factory_new ();
  g_auto (GStrv) parts = g_strsplit (text, "=", 2);
  g_autofree char *path = g_strconcat ("/", parts[0], NULL);
  g_autofree char *clip = NULL;

  if (parts[1] == NULL || g_str_equal (parts[1], "ball"))
    clip = g_strdup (LIVE_H264);
  else if (g_str_equal (parts[1], "ball265"))
    clip = g_strdup (LIVE_H265);
  else
    clip = g_strdup_printf (CLIP, parts[1]);
  gst_rtsp_media_factory_set_launch (factory, clip);
  gst_rtsp_media_factory_set_shared (factory, TRUE);
  gst_rtsp_media_factory_add_role (factory, "viewer", GST_RTSP_PERM_MEDIA_FACTORY_ACCESS,
                                   G_TYPE_BOOLEAN, TRUE, GST_RTSP_PERM_MEDIA_FACTORY_CONSTRUCT,
                                   G_TYPE_BOOLEAN, TRUE, NULL);
  gst_rtsp_mount_points_add_factory (mounts, path, factory);
}

static void
demand_credentials (GstRTSPServer *server, const char *user, const char *password)
{
  g_autoptr (GstRTSPAuth) auth = gst_rtsp_auth_new ();
  GstRTSPToken *token =
    gst_rtsp_token_new (GST_RTSP_TOKEN_MEDIA_FACTORY_ROLE, G_TYPE_STRING, "viewer", NULL);
  g_autofree char *basic = gst_rtsp_auth_make_basic (user, password);

  gst_rtsp_auth_add_basic (auth, basic, token);
  gst_rtsp_token_unref (token);
  gst_rtsp_server_set_auth (server, auth);
}

int
main (int argc, char **argv)
{
  g_autoptr (GOptionContext) context = g_option_context_new ("PATH=CLIP...");
  g_autoptr (GMainLoop) loop = NULL;
  g_autoptr (GstRTSPServer) server = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *port = NULL;
  g_autofree char *user = NULL;
  g_autofree char *password = NULL;
  g_auto (GStrv) streams = NULL;
  const GOptionEntry entries[] = {
    {"port", 0, 0, G_OPTION_ARG_STRING, &port, "TCP port", "N"},
    {"user", 0, 0, G_OPTION_ARG_STRING, &user, "user name", "U"},
    {"password", 0, 0, G_OPTION_ARG_STRING, &password, "password", "P"},
    {G_OPTION_REMAINING, 0, 0, G_OPTION_ARG_STRING_ARRAY, &streams, NULL, NULL},
    {NULL},
  };

  setlocale (LC_ALL, "");
  /* A test that aborts must not leave us behind, holding its pipes open. */
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  g_option_context_add_main_entries (context, entries, NULL);
  if (!g_option_context_parse (context, &argc, &argv, &error)) {
    g_printerr ("%s\n", error->message);
    return 2;
  }
  gst_init (NULL, NULL);
  server = gst_rtsp_server_new ();
  gst_rtsp_server_set_address (server, "127.0.0.1");
  gst_rtsp_server_set_service (server, port != NULL ? port : "0");
  if (user != NULL && password != NULL)
    demand_credentials (server, user, password);
  for (gsize i = 0; streams != NULL && streams[i] != NULL; i++)
    add_stream (server, streams[i]);
  if (gst_rtsp_server_attach (server, NULL) == 0) {
    g_printerr ("cannot listen on port %s\n", port);
    return 1;
  }
  g_print ("port %d\n", gst_rtsp_server_get_bound_port (server));
  loop = g_main_loop_new (NULL, FALSE);
  g_main_loop_run (loop);
  return 0;
}
