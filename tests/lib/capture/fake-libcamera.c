/* fake-libcamera.c: stands in for GStreamer's libcamera plugin where there is no camera
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * The same plugin, element and property names as the real one, so that the very pipeline is
 * tested. What it does stands as one word in the file that BOLO_TEST_LIBCAMERA names:
 * "works", "none" (no camera at opening), "freezes" (no more frames), "dies" (an error while it
 * streams). Like a driver it has few buffers: whoever keeps them stops it.
 */
#include <gst/base/gstpushsrc.h>
#include <gst/video/video.h>
#include <string.h>

#define N_BUFFERS 4
#define FRAME_US 50000
#define CAMERA_NAME "/base/soc/i2c0mux/i2c@1/imx708@1a"

#define FAKE_TYPE_SRC (fake_src_get_type ())
G_DECLARE_FINAL_TYPE (FakeSrc, fake_src, FAKE, SRC, GstPushSrc)

struct _FakeSrc {
  GstPushSrc parent_instance;
  char *camera_name;
  GstBufferPool *pool;
  guint n_frames;
};

G_DEFINE_FINAL_TYPE (FakeSrc, fake_src, GST_TYPE_PUSH_SRC)

enum {
  PROP_CAMERA_NAME = 1,
};

static GstStaticPadTemplate src_template = GST_STATIC_PAD_TEMPLATE (
  "src",
  GST_PAD_SRC,
  GST_PAD_ALWAYS,
  GST_STATIC_CAPS ("video/x-raw, format=NV12, width=[16,1920], height=[16,1080]"));

static gboolean
is_told (const char *word)
{
  const char *path = g_getenv ("BOLO_TEST_LIBCAMERA");
  g_autofree char *text = NULL;

  if (path == NULL || !g_file_get_contents (path, &text, NULL, NULL))
    return g_str_equal (word, "none");
  return g_str_equal (g_strstrip (text), word);
}

static gboolean
fake_src_start (GstBaseSrc *base)
{
  FakeSrc *self = FAKE_SRC (base);

  if (is_told ("none")) {
    GST_ELEMENT_ERROR (self, RESOURCE, NOT_FOUND,
                       ("Could not find any supported camera on this system."),
                       ("libcamera::CameraMananger::cameras() is empty"));
    return FALSE;
  }
  if (self->camera_name != NULL && strcmp (self->camera_name, CAMERA_NAME) != 0) {
    GST_ELEMENT_ERROR (self, RESOURCE, NOT_FOUND,
                       ("Could not find a camera named '%s'.", self->camera_name),
                       ("libcamera::CameraMananger::get() returned nullptr"));
    return FALSE;
  }
  return TRUE;
}

static gboolean
fake_src_set_caps (GstBaseSrc *base, GstCaps *caps)
{
  FakeSrc *self = FAKE_SRC (base);
  GstStructure *config;
  GstVideoInfo info;

  if (!gst_video_info_from_caps (&info, caps))
    return FALSE;
  g_clear_object (&self->pool);
  self->pool = gst_video_buffer_pool_new ();
  config = gst_buffer_pool_get_config (self->pool);
  gst_buffer_pool_config_set_params (config, caps, info.size, N_BUFFERS, N_BUFFERS);
  return gst_buffer_pool_set_config (self->pool, config) &&
         gst_buffer_pool_set_active (self->pool, TRUE);
}

static GstFlowReturn
fake_src_create (GstPushSrc *push, GstBuffer **buffer)
{
  FakeSrc *self = FAKE_SRC (push);
  GstFlowReturn flow;

  g_usleep (FRAME_US);
  while (is_told ("freezes")) {
    if (GST_PAD_IS_FLUSHING (GST_BASE_SRC_PAD (self)))
      return GST_FLOW_FLUSHING;
    g_usleep (FRAME_US);
  }
  if (is_told ("dies") || is_told ("none")) {
    GST_ELEMENT_ERROR (self, RESOURCE, READ, ("Camera disconnected."), (NULL));
    return GST_FLOW_ERROR;
  }
  flow = gst_buffer_pool_acquire_buffer (self->pool, buffer, NULL);
  if (flow != GST_FLOW_OK)
    return flow;
  gst_buffer_memset (*buffer, 0, (guint8) (40 + self->n_frames++ % 100), (gsize) -1);
  return GST_FLOW_OK;
}

static gboolean
fake_src_unlock (GstBaseSrc *base)
{
  FakeSrc *self = FAKE_SRC (base);

  if (self->pool != NULL)
    gst_buffer_pool_set_flushing (self->pool, TRUE);
  return TRUE;
}

static gboolean
fake_src_unlock_stop (GstBaseSrc *base)
{
  FakeSrc *self = FAKE_SRC (base);

  if (self->pool != NULL)
    gst_buffer_pool_set_flushing (self->pool, FALSE);
  return TRUE;
}

static gboolean
fake_src_stop (GstBaseSrc *base)
{
  FakeSrc *self = FAKE_SRC (base);

  if (self->pool != NULL)
    gst_buffer_pool_set_active (self->pool, FALSE);
  return TRUE;
}

static void
fake_src_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  FakeSrc *self = FAKE_SRC (object);

  g_free (self->camera_name);
  self->camera_name = g_value_dup_string (value);
}

static void
fake_src_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  g_value_set_string (value, FAKE_SRC (object)->camera_name);
}

static void
fake_src_finalize (GObject *object)
{
  FakeSrc *self = FAKE_SRC (object);

  g_clear_object (&self->pool);
  g_free (self->camera_name);
  G_OBJECT_CLASS (fake_src_parent_class)->finalize (object);
}

static void
fake_src_class_init (FakeSrcClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  GstElementClass *element_class = GST_ELEMENT_CLASS (klass);
  GstBaseSrcClass *base_class = GST_BASE_SRC_CLASS (klass);

  object_class->set_property = fake_src_set_property;
  object_class->get_property = fake_src_get_property;
  object_class->finalize = fake_src_finalize;
  g_object_class_install_property (
    object_class, PROP_CAMERA_NAME,
    g_param_spec_string ("camera-name", NULL, NULL, NULL,
                         G_PARAM_READWRITE | G_PARAM_STATIC_STRINGS));
  gst_element_class_add_static_pad_template (element_class, &src_template);
  gst_element_class_set_static_metadata (element_class, "libcamera Source", "Source/Video",
                                         "Stands in for libcamera", "Bolo");
  base_class->start = fake_src_start;
  base_class->stop = fake_src_stop;
  base_class->set_caps = fake_src_set_caps;
  base_class->unlock = fake_src_unlock;
  base_class->unlock_stop = fake_src_unlock_stop;
  GST_PUSH_SRC_CLASS (klass)->create = fake_src_create;
}

static void
fake_src_init (FakeSrc *self)
{
  gst_base_src_set_live (GST_BASE_SRC (self), TRUE);
  gst_base_src_set_format (GST_BASE_SRC (self), GST_FORMAT_TIME);
  gst_base_src_set_do_timestamp (GST_BASE_SRC (self), TRUE);
}

/* --- discovery ------------------------------------------------------------------------------- */

#define FAKE_TYPE_DEVICE (fake_device_get_type ())
G_DECLARE_FINAL_TYPE (FakeDevice, fake_device, FAKE, DEVICE, GstDevice)
struct _FakeDevice {
  GstDevice parent_instance;
};
G_DEFINE_FINAL_TYPE (FakeDevice, fake_device, GST_TYPE_DEVICE)

static GstElement *
fake_device_create_element (GstDevice *device, const char *name)
{
  return g_object_new (FAKE_TYPE_SRC, "name", name, "camera-name", CAMERA_NAME, NULL);
}

static void
fake_device_class_init (FakeDeviceClass *klass)
{
  GST_DEVICE_CLASS (klass)->create_element = fake_device_create_element;
}

static void
fake_device_init (FakeDevice *self)
{
}

#define FAKE_TYPE_PROVIDER (fake_provider_get_type ())
G_DECLARE_FINAL_TYPE (FakeProvider, fake_provider, FAKE, PROVIDER, GstDeviceProvider)
struct _FakeProvider {
  GstDeviceProvider parent_instance;
};
G_DEFINE_FINAL_TYPE (FakeProvider, fake_provider, GST_TYPE_DEVICE_PROVIDER)

static GList *
fake_provider_probe (GstDeviceProvider *provider)
{
  g_autoptr (GstCaps) caps = NULL;

  if (is_told ("none"))
    return NULL;
  caps = gst_static_pad_template_get_caps (&src_template);
  return g_list_append (NULL, g_object_new (FAKE_TYPE_DEVICE, "display-name", "imx708",
                                            "device-class", "Source/Video", "caps", caps, NULL));
}

static void
fake_provider_class_init (FakeProviderClass *klass)
{
  GST_DEVICE_PROVIDER_CLASS (klass)->probe = fake_provider_probe;
  gst_device_provider_class_set_static_metadata (GST_DEVICE_PROVIDER_CLASS (klass),
                                                 "libcamera Device Provider", "Source/Video",
                                                 "Stands in for libcamera", "Bolo");
}

static void
fake_provider_init (FakeProvider *self)
{
}

static gboolean
plugin_init (GstPlugin *plugin)
{
  return gst_element_register (plugin, "libcamerasrc", GST_RANK_PRIMARY, FAKE_TYPE_SRC) &&
         gst_device_provider_register (plugin, "libcameraprovider", GST_RANK_PRIMARY,
                                       FAKE_TYPE_PROVIDER);
}

#define PACKAGE "bolo"
GST_PLUGIN_DEFINE (GST_VERSION_MAJOR,
                   GST_VERSION_MINOR,
                   libcamera,
                   "stands in for libcamera",
                   plugin_init,
                   "0.1",
                   "GPL",
                   "bolo",
                   "https://boloanpr.org/")
