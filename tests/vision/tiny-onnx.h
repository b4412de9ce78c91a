/* tiny-onnx.h: writes small nets as ONNX files, for tests of what loads them
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* TinyOnnx: a graph being written; values are named by text. Weights come from a fixed random
 * sequence. */
typedef struct _TinyOnnx TinyOnnx;

TinyOnnx *tiny_onnx_new (void);
void tiny_onnx_free (TinyOnnx *self);
/* Convolution from @in_channels to @out_channels with a kernel of @kernel_height x @kernel_width,
 * half of it as padding. */
void tiny_onnx_add_convolution (TinyOnnx *self,
                                const char *input,
                                const char *output,
                                int in_channels,
                                int out_channels,
                                int kernel_height,
                                int kernel_width,
                                int stride,
                                gboolean has_bias);
/* A step without weights ("Relu", "Add", "Sigmoid"); @other (nullable) is a second input. */
void tiny_onnx_add_step (
  TinyOnnx *self, const char *operation, const char *input, const char *other, const char *output);
/* Pooling by @kernel_height x @kernel_width, the strides the same. */
void tiny_onnx_add_pooling (
  TinyOnnx *self, const char *input, const char *output, int kernel_height, int kernel_width);
/* Nearest resize by @factor. */
void tiny_onnx_add_resize (TinyOnnx *self, const char *input, const char *output, float factor);
/* The file, from the value "input" to @output. (transfer full) */
GBytes *tiny_onnx_finish (TinyOnnx *self, const char *output);

G_DEFINE_AUTOPTR_CLEANUP_FUNC (TinyOnnx, tiny_onnx_free)

G_END_DECLS
