/* bolo-camera-discovery.c: which cameras this machine has
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#define G_LOG_DOMAIN "bolo-capture"

#include "bolo-camera-discovery.h"

#include <gst/gst.h>

#include "bolo-error.h"

void
bolo_camera_found_free (BoloCameraFound *self)
{
  g_free (self->source);
  g_free (self->title);
  g_free (self);
}

static char *
get_device_path (GstDevice *device)
{
  g_autoptr (GstStructure) properties = gst_device_get_properties (device);
  const char *path = NULL;

  if (properties == NULL)
    return NULL;
  path = gst_structure_get_string (properties, "device.path");
  if (path == NULL)
    path = gst_structure_get_string (properties, "api.v4l2.path");
  return g_strdup (path);
}

/* libcamera's device gives its element the camera's id. */
static char *
get_camera_name (GstDevice *device)
{
  g_autoptr (GstElement) element = gst_device_create_element (device, NULL);
  g_autofree char *name = NULL;

  if (element == NULL)
    return NULL;
  gst_object_ref_sink (element);
  if (g_object_class_find_property (G_OBJECT_GET_CLASS (element), "camera-name") == NULL)
    return NULL;
  g_object_get (element, "camera-name", &name, NULL);
  return g_steal_pointer (&name);
}

/* (nullable): of a kind that we cannot open. */
static BoloCameraFound *
describe_device (GstDevice *device)
{
  g_autofree char *path = get_device_path (device);
  g_autofree char *name = path == NULL ? get_camera_name (device) : NULL;
  BoloCameraFound *found;

  if (path == NULL && name == NULL)
    return NULL;
  found = g_new0 (BoloCameraFound, 1);
  found->source =
    path != NULL ? g_strconcat ("v4l2:", path, NULL) : g_strconcat ("libcamera:", name, NULL);
  found->title = gst_device_get_display_name (device);
  return found;
}

static int
compare_found (gconstpointer a, gconstpointer b)
{
  const BoloCameraFound *first = *(const BoloCameraFound *const *) a;
  const BoloCameraFound *second = *(const BoloCameraFound *const *) b;

  return g_strcmp0 (first->source, second->source);
}

GPtrArray *
bolo_camera_discover (GError **error)
{
  g_autoptr (GPtrArray) all = NULL;
  g_autoptr (GstDeviceMonitor) monitor = NULL;
  g_autoptr (GError) foreign = NULL;
  GList *devices;

  if (!gst_init_check (NULL, NULL, &foreign)) {
    g_set_error (error, BOLO_ERROR, BOLO_ERROR_NOT_SUPPORTED, "GStreamer cannot start: %s",
                 foreign != NULL ? foreign->message : "no reason given");
    return NULL;
  }
  all = g_ptr_array_new_with_free_func ((GDestroyNotify) bolo_camera_found_free);
  monitor = gst_device_monitor_new ();
  gst_device_monitor_add_filter (monitor, "Video/Source", NULL);
  if (gst_device_monitor_start (monitor)) {
    devices = gst_device_monitor_get_devices (monitor);
    for (GList *each = devices; each != NULL; each = each->next) {
      BoloCameraFound *found = describe_device (each->data);

      if (found != NULL)
        g_ptr_array_add (all, found);
    }
    g_list_free_full (devices, gst_object_unref);
    gst_device_monitor_stop (monitor);
  }
  g_ptr_array_sort (all, compare_found);
  return g_steal_pointer (&all);
}
