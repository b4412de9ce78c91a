/* bolo-onnx.cpp: reads ONNX's protocol buffers, the few messages that a plain net is made of
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-onnx.hpp"

#include <cstring>
#include <stdexcept>

namespace bolo
{

namespace
{

/* Field numbers of onnx.proto3. */
enum {
  MODEL_GRAPH = 7,
  GRAPH_NODE = 1,
  GRAPH_INITIALIZER = 5,
  GRAPH_INPUT = 11,
  GRAPH_OUTPUT = 12,
  NODE_INPUT = 1,
  NODE_OUTPUT = 2,
  NODE_OPERATION = 4,
  NODE_ATTRIBUTE = 5,
  ATTRIBUTE_NAME = 1,
  ATTRIBUTE_INTEGER = 3,
  ATTRIBUTE_TEXT = 4,
  ATTRIBUTE_TENSOR = 5,
  ATTRIBUTE_INTEGERS = 8,
  TENSOR_DIMS = 1,
  TENSOR_TYPE = 2,
  TENSOR_FLOATS = 4,
  TENSOR_INTEGERS = 7,
  TENSOR_NAME = 8,
  TENSOR_RAW = 9,
  VALUE_NAME = 1,
};

enum {
  TYPE_FLOAT = 1,
  TYPE_INT64 = 7
};

const size_t MAX_VALUES = 64u << 20;

/* One message: walks over its fields. */
class Message
{
public:
  Message (const uint8_t *data, size_t length) : at (data), end (data + length)
  {
  }

  /* FALSE at the end; otherwise field, wire and either number or bytes are set. */
  bool
  next ()
  {
    if (at == end)
      return false;
    uint64_t key = varint ();

    field = static_cast<int> (key >> 3);
    wire = static_cast<int> (key & 7);
    if (wire == 0) {
      number = varint ();
    } else if (wire == 1 || wire == 5) {
      take (wire == 1 ? 8 : 4);
    } else if (wire == 2) {
      take (varint ());
    } else {
      throw std::runtime_error ("is not an ONNX file");
    }
    return true;
  }

  Message
  inner () const
  {
    return Message (bytes, n_bytes);
  }

  std::string
  text () const
  {
    return std::string (reinterpret_cast<const char *> (bytes), n_bytes);
  }

  /* Appends the numbers of a repeated integer field, packed or not. */
  void
  append_integers (std::vector<int64_t> &list) const
  {
    if (wire == 0) {
      list.push_back (static_cast<int64_t> (number));
      return;
    }
    Message packed (bytes, n_bytes);

    while (packed.at != packed.end)
      list.push_back (static_cast<int64_t> (packed.varint ()));
  }

  int field = 0;
  int wire = 0;
  uint64_t number = 0;
  const uint8_t *bytes = nullptr;
  size_t n_bytes = 0;

private:
  uint64_t
  varint ()
  {
    uint64_t value = 0;

    for (int shift = 0; shift < 64; shift += 7) {
      if (at == end)
        throw std::runtime_error ("is cut short");
      uint8_t byte = *at++;

      value |= static_cast<uint64_t> (byte & 0x7f) << shift;
      if ((byte & 0x80) == 0)
        return value;
    }
    throw std::runtime_error ("is not an ONNX file");
  }

  void
  take (uint64_t count)
  {
    if (count > static_cast<uint64_t> (end - at))
      throw std::runtime_error ("is cut short");
    bytes = at;
    n_bytes = static_cast<size_t> (count);
    at += count;
  }

  const uint8_t *at;
  const uint8_t *end;
};

template <typename Number>
void
append_raw (std::vector<float> &values, const uint8_t *bytes, size_t n_bytes)
{
  size_t count = n_bytes / sizeof (Number);

  if (count > MAX_VALUES)
    throw std::runtime_error ("is too large");
  for (size_t i = 0; i < count; i++) {
    Number number;

    std::memcpy (&number, bytes + i * sizeof (Number), sizeof (Number));
    values.push_back (static_cast<float> (number));
  }
}

Tensor
parse_tensor (Message message, std::string *name)
{
  Tensor tensor;
  std::vector<int64_t> integers;
  const uint8_t *raw = nullptr;
  size_t n_raw = 0;
  uint64_t type = 0;
  int64_t expected = 1;

  while (message.next ()) {
    if (message.field == TENSOR_DIMS) {
      message.append_integers (tensor.dims);
    } else if (message.field == TENSOR_TYPE) {
      type = message.number;
    } else if (message.field == TENSOR_FLOATS && message.wire != 0) {
      append_raw<float> (tensor.values, message.bytes, message.n_bytes);
    } else if (message.field == TENSOR_INTEGERS) {
      message.append_integers (integers);
    } else if (message.field == TENSOR_NAME && name != nullptr) {
      *name = message.text ();
    } else if (message.field == TENSOR_RAW) {
      raw = message.bytes;
      n_raw = message.n_bytes;
    }
  }
  if (raw != nullptr && type == TYPE_FLOAT)
    append_raw<float> (tensor.values, raw, n_raw);
  else if (raw != nullptr && type == TYPE_INT64)
    append_raw<int64_t> (tensor.values, raw, n_raw);
  for (int64_t integer : integers)
    tensor.values.push_back (static_cast<float> (integer));
  for (int64_t dim : tensor.dims) {
    if (dim < 0 || dim > static_cast<int64_t> (MAX_VALUES))
      throw std::runtime_error ("has a tensor of a wrong size");
    expected *= dim > 0 ? dim : 0;
    if (expected > static_cast<int64_t> (MAX_VALUES))
      throw std::runtime_error ("has a tensor of a wrong size");
  }
  if (static_cast<int64_t> (tensor.values.size ()) != expected)
    throw std::runtime_error ("has a tensor of a wrong size");
  return tensor;
}

void
parse_attribute (Message message, Node &node, Tensor *tensor)
{
  std::string name;
  std::vector<int64_t> integers;
  std::string text;

  while (message.next ()) {
    if (message.field == ATTRIBUTE_NAME)
      name = message.text ();
    else if (message.field == ATTRIBUTE_INTEGER || message.field == ATTRIBUTE_INTEGERS)
      message.append_integers (integers);
    else if (message.field == ATTRIBUTE_TEXT)
      text = message.text ();
    else if (message.field == ATTRIBUTE_TENSOR)
      *tensor = parse_tensor (message.inner (), nullptr);
  }
  if (!integers.empty ())
    node.integers[name] = integers;
  if (!text.empty ())
    node.texts[name] = text;
}

void
parse_node (Message message, Graph &graph)
{
  Node node;
  Tensor tensor;

  while (message.next ()) {
    if (message.field == NODE_INPUT)
      node.inputs.push_back (message.text ());
    else if (message.field == NODE_OUTPUT)
      node.outputs.push_back (message.text ());
    else if (message.field == NODE_OPERATION)
      node.operation = message.text ();
    else if (message.field == NODE_ATTRIBUTE)
      parse_attribute (message.inner (), node, &tensor);
  }
  if (node.outputs.size () != 1)
    throw std::runtime_error ("has a step without a single result");
  if (node.operation == "Constant")
    graph.constants[node.outputs[0]] = tensor;
  else
    graph.nodes.push_back (node);
}

std::string
parse_value_name (Message message)
{
  std::string name;

  while (message.next ())
    if (message.field == VALUE_NAME)
      name = message.text ();
  return name;
}

} // namespace

Graph
parse_onnx (const uint8_t *data, size_t length)
{
  Graph graph;
  Message model (data, length);
  std::vector<std::string> inputs;
  bool has_graph = false;

  while (model.next ()) {
    if (model.field != MODEL_GRAPH || model.wire != 2)
      continue;
    Message message = model.inner ();

    has_graph = true;
    while (message.next ()) {
      if (message.field == GRAPH_NODE) {
        parse_node (message.inner (), graph);
      } else if (message.field == GRAPH_INITIALIZER) {
        std::string name;
        Tensor tensor = parse_tensor (message.inner (), &name);

        graph.constants[name] = tensor;
      } else if (message.field == GRAPH_INPUT) {
        inputs.push_back (parse_value_name (message.inner ()));
      } else if (message.field == GRAPH_OUTPUT) {
        graph.output = parse_value_name (message.inner ());
      }
    }
  }
  if (!has_graph || graph.nodes.empty ())
    throw std::runtime_error ("is not an ONNX file");
  for (const std::string &name : inputs) /* old exporters list the weights as inputs too */
    if (graph.constants.find (name) == graph.constants.end ())
      graph.input = name;
  return graph;
}

} // namespace bolo
