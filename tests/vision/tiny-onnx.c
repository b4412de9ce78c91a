/* tiny-onnx.c: just enough of ONNX's protocol buffers to write a chain of convolutions
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "tiny-onnx.h"

#include <string.h>

struct _TinyOnnx {
  GByteArray *graph;
  GRand *random;
  guint n_weights;
};

TinyOnnx *
tiny_onnx_new (void)
{
  TinyOnnx *self = g_new0 (TinyOnnx, 1);

  self->graph = g_byte_array_new ();
  self->random = g_rand_new_with_seed (21);
  return self;
}

void
tiny_onnx_free (TinyOnnx *self)
{
  if (self == NULL)
    return;
  g_byte_array_unref (self->graph);
  g_rand_free (self->random);
  g_free (self);
}

static void
put_varint (GByteArray *bytes, guint64 value)
{
  do {
    guint8 byte = (guint8) (value & 0x7f);

    value >>= 7;
    if (value != 0)
      byte |= 0x80;
    g_byte_array_append (bytes, &byte, 1);
  } while (value != 0);
}

static void
put_integer (GByteArray *bytes, guint field, guint64 value)
{
  put_varint (bytes, field << 3);
  put_varint (bytes, value);
}

static void
put_bytes (GByteArray *bytes, guint field, const void *data, gsize length)
{
  put_varint (bytes, field << 3 | 2);
  put_varint (bytes, length);
  g_byte_array_append (bytes, data, (guint) length);
}

static void
put_text (GByteArray *bytes, guint field, const char *text)
{
  put_bytes (bytes, field, text, strlen (text));
}

static void
put_message (GByteArray *bytes, guint field, GByteArray *message)
{
  put_bytes (bytes, field, message->data, message->len);
  g_byte_array_unref (message);
}

/* @values as raw floats under @name. */
static void
put_tensor (
  TinyOnnx *self, const char *name, const gint64 *dims, guint n_dims, const float *values, gsize n)
{
  GByteArray *tensor = g_byte_array_new ();

  for (guint i = 0; i < n_dims; i++)
    put_integer (tensor, 1, (guint64) dims[i]);
  put_integer (tensor, 2, 1);
  put_text (tensor, 8, name);
  put_bytes (tensor, 9, values, n * sizeof (float));
  put_message (self->graph, 5, tensor);
}

static char *
put_weights (TinyOnnx *self, const gint64 *dims, guint n_dims)
{
  char *name = g_strdup_printf ("w%u", self->n_weights++);
  gsize n = 1;
  g_autofree float *values = NULL;

  for (guint i = 0; i < n_dims; i++)
    n *= (gsize) dims[i];
  values = g_new (float, n);
  for (gsize i = 0; i < n; i++)
    values[i] = (float) g_rand_double_range (self->random, -0.3, 0.3);
  put_tensor (self, name, dims, n_dims, values, n);
  return name;
}

static void
put_attribute (GByteArray *node, const char *name, const gint64 *values, guint n)
{
  GByteArray *attribute = g_byte_array_new ();

  put_text (attribute, 1, name);
  for (guint i = 0; i < n; i++)
    put_integer (attribute, 8, (guint64) values[i]);
  put_integer (attribute, 20, 7); /* integers */
  put_message (node, 5, attribute);
}

static void
put_text_attribute (GByteArray *node, const char *name, const char *value)
{
  GByteArray *attribute = g_byte_array_new ();

  put_text (attribute, 1, name);
  put_text (attribute, 4, value);
  put_integer (attribute, 20, 3); /* text */
  put_message (node, 5, attribute);
}

static GByteArray *
begin_node (const char *operation, const char *output)
{
  GByteArray *node = g_byte_array_new ();

  put_text (node, 4, operation);
  put_text (node, 3, output);
  put_text (node, 2, output);
  return node;
}

void
tiny_onnx_add_convolution (TinyOnnx *self,
                           const char *input,
                           const char *output,
                           int in_channels,
                           int out_channels,
                           int kernel_height,
                           int kernel_width,
                           int stride,
                           gboolean has_bias)
{
  GByteArray *node = begin_node ("Conv", output);
  const gint64 dims[] = {out_channels, in_channels, kernel_height, kernel_width};
  const gint64 kernel[] = {kernel_height, kernel_width};
  const gint64 strides[] = {stride, stride};
  const gint64 pads[] = {kernel_height / 2, kernel_width / 2, kernel_height / 2, kernel_width / 2};
  const gint64 ones[] = {1, 1};
  g_autofree char *weights = put_weights (self, dims, 4);
  g_autofree char *bias = has_bias ? put_weights (self, dims, 1) : NULL;

  put_text (node, 1, input);
  put_text (node, 1, weights);
  if (bias != NULL)
    put_text (node, 1, bias);
  put_attribute (node, "dilations", ones, 2);
  put_attribute (node, "kernel_shape", kernel, 2);
  put_attribute (node, "pads", pads, 4);
  put_attribute (node, "strides", strides, 2);
  put_message (self->graph, 1, node);
}

void
tiny_onnx_add_step (
  TinyOnnx *self, const char *operation, const char *input, const char *other, const char *output)
{
  GByteArray *node = begin_node (operation, output);

  put_text (node, 1, input);
  if (other != NULL)
    put_text (node, 1, other);
  put_message (self->graph, 1, node);
}

void
tiny_onnx_add_pooling (
  TinyOnnx *self, const char *input, const char *output, int kernel_height, int kernel_width)
{
  GByteArray *node = begin_node ("MaxPool", output);
  const gint64 kernel[] = {kernel_height, kernel_width};

  put_text (node, 1, input);
  put_attribute (node, "kernel_shape", kernel, 2);
  put_attribute (node, "strides", kernel, 2);
  put_message (self->graph, 1, node);
}

void
tiny_onnx_add_resize (TinyOnnx *self, const char *input, const char *output, float factor)
{
  GByteArray *node = begin_node ("Resize", output);
  g_autofree char *name = g_strdup_printf ("scales%u", self->n_weights++);
  const float scales[] = {1, 1, factor, factor};
  const gint64 dims[] = {4};

  put_tensor (self, name, dims, 1, scales, 4);
  put_text (node, 1, input);
  put_text (node, 1, "");
  put_text (node, 1, name);
  put_text_attribute (node, "mode", "nearest");
  put_text_attribute (node, "coordinate_transformation_mode", "asymmetric");
  put_text_attribute (node, "nearest_mode", "floor");
  put_message (self->graph, 1, node);
}

/* A value of four dimensions, the last two open. */
static GByteArray *
make_value (const char *name)
{
  GByteArray *shape = g_byte_array_new ();
  GByteArray *tensor = g_byte_array_new ();
  GByteArray *type = g_byte_array_new ();
  GByteArray *value = g_byte_array_new ();
  const guint64 dims[] = {1, 1, 64, 64};

  for (int i = 0; i < 4; i++) {
    GByteArray *dimension = g_byte_array_new ();

    put_integer (dimension, 1, dims[i]);
    put_message (shape, 1, dimension);
  }
  put_integer (tensor, 1, 1);
  put_message (tensor, 2, shape);
  put_message (type, 1, tensor);
  put_text (value, 1, name);
  put_message (value, 2, type);
  return value;
}

GBytes *
tiny_onnx_finish (TinyOnnx *self, const char *output)
{
  GByteArray *model = g_byte_array_new ();
  GByteArray *operators = g_byte_array_new ();

  put_text (self->graph, 2, "tiny");
  put_message (self->graph, 11, make_value ("input"));
  put_message (self->graph, 12, make_value (output));
  put_integer (model, 1, 6);
  put_text (operators, 1, "");
  put_integer (operators, 2, 11);
  put_message (model, 8, operators);
  put_bytes (model, 7, self->graph->data, self->graph->len);
  return g_byte_array_free_to_bytes (model);
}
