/* weston-test-seat.c: a Weston module with a seat whose pointer, keys and fingers a test moves
 * SPDX-License-Identifier: GPL-3.0-or-later
 *
 * Loaded with weston --modules=/full/path/weston-test-seat.so. It makes a seat with pointer,
 * keyboard and touch, without which GTK does not draw in a headless compositor, and reads lines
 * from the FIFO named by BOLO_TEST_SEAT: down ID X Y    a finger comes down (output pixels) motion
 * ID X Y  it moves up ID          it goes up tap X Y        down and up key CODE       an evdev key
 * is pressed and released
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <libweston/libweston.h>

#define LINE_MAX_BYTES 256

/* Exported by libweston, but not declared in its public headers. */
struct weston_touch_device *
weston_touch_create_touch_device (struct weston_touch *touch,
                                  const char *syspath,
                                  void *backend_data,
                                  const struct weston_touch_device_ops *ops);
void notify_touch_normalized (struct weston_touch_device *device,
                              const struct timespec *time,
                              int touch_id,
                              double x,
                              double y,
                              const struct weston_point2d_device_normalized *normalized,
                              int touch_type);
void notify_touch_frame (struct weston_touch_device *device);
void notify_key (struct weston_seat *seat,
                 const struct timespec *time,
                 uint32_t key,
                 enum wl_keyboard_key_state state,
                 enum weston_key_state_update update);
void weston_seat_init (struct weston_seat *seat,
                       struct weston_compositor *compositor,
                       const char *seat_name);
void weston_seat_release (struct weston_seat *seat);
int weston_seat_init_pointer (struct weston_seat *seat);
int weston_seat_init_keyboard (struct weston_seat *seat, struct xkb_keymap *keymap);
int weston_seat_init_touch (struct weston_seat *seat);
int wet_module_init (struct weston_compositor *compositor, int *argc, char *argv[]);

struct test_seat {
  struct weston_seat seat;
  struct weston_touch_device *device;
  struct wl_event_source *source;
  struct wl_listener destroyed;
  int fifo;
  char line[LINE_MAX_BYTES];
  size_t length;
};

static struct timespec
now (void)
{
  struct timespec time;

  clock_gettime (CLOCK_MONOTONIC, &time);
  return time;
}

static void
touch (struct test_seat *self, int id, double x, double y, int type)
{
  struct timespec time = now ();

  notify_touch_normalized (self->device, &time, id, x, y, NULL, type);
  notify_touch_frame (self->device);
}

static void
press_key (struct test_seat *self, unsigned int code)
{
  struct timespec time = now ();

  notify_key (&self->seat, &time, code, WL_KEYBOARD_KEY_STATE_PRESSED, STATE_UPDATE_AUTOMATIC);
  notify_key (&self->seat, &time, code, WL_KEYBOARD_KEY_STATE_RELEASED, STATE_UPDATE_AUTOMATIC);
}

static void
obey (struct test_seat *self, const char *line)
{
  double x, y;
  int id;
  unsigned int code;

  if (sscanf (line, "down %d %lf %lf", &id, &x, &y) == 3) {
    touch (self, id, x, y, WL_TOUCH_DOWN);
  } else if (sscanf (line, "motion %d %lf %lf", &id, &x, &y) == 3) {
    touch (self, id, x, y, WL_TOUCH_MOTION);
  } else if (sscanf (line, "up %d", &id) == 1) {
    touch (self, id, 0, 0, WL_TOUCH_UP);
  } else if (sscanf (line, "tap %lf %lf", &x, &y) == 2) {
    touch (self, 0, x, y, WL_TOUCH_DOWN);
    touch (self, 0, 0, 0, WL_TOUCH_UP);
  } else if (sscanf (line, "key %u", &code) == 1) {
    press_key (self, code);
  } else if (*line != '\0') {
    weston_log ("weston-test-seat: cannot obey '%s'\n", line);
  }
}

static int
on_readable (int fd, uint32_t mask, void *data)
{
  struct test_seat *self = data;
  char c;

  while (read (fd, &c, 1) == 1) {
    if (c == '\n') {
      self->line[self->length] = '\0';
      self->length = 0;
      obey (self, self->line);
    } else if (self->length + 1 < sizeof (self->line)) {
      self->line[self->length++] = c;
    }
  }
  return 0;
}

static void
on_destroyed (struct wl_listener *listener, void *data)
{
  struct test_seat *self = wl_container_of (listener, self, destroyed);

  wl_list_remove (&self->destroyed.link);
  wl_event_source_remove (self->source);
  close (self->fifo);
  weston_seat_release (&self->seat);
  free (self);
}

int
wet_module_init (struct weston_compositor *compositor, int *argc, char *argv[])
{
  struct test_seat *self = calloc (1, sizeof (*self));
  const char *path = getenv ("BOLO_TEST_SEAT");

  if (self == NULL || path == NULL) {
    free (self);
    return -1;
  }
  if (mkfifo (path, 0600) < 0 && errno != EEXIST) {
    weston_log ("weston-test-seat: cannot make %s: %s\n", path, strerror (errno));
    free (self);
    return -1;
  }
  /* Both ends, so that it never ends when a test closes it. */
  self->fifo = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  weston_seat_init (&self->seat, compositor, "bolo-test-seat");
  weston_seat_init_pointer (&self->seat);
  weston_seat_init_keyboard (&self->seat, NULL);
  weston_seat_init_touch (&self->seat);
  self->device = weston_touch_create_touch_device (weston_seat_get_touch (&self->seat),
                                                   "/bolo-test-seat/touch", NULL, NULL);
  self->source = wl_event_loop_add_fd (wl_display_get_event_loop (compositor->wl_display),
                                       self->fifo, WL_EVENT_READABLE, on_readable, self);
  self->destroyed.notify = on_destroyed;
  wl_signal_add (&compositor->destroy_signal, &self->destroyed);
  return 0;
}
