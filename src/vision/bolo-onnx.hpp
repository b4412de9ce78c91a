/* bolo-onnx.hpp: the graph of an ONNX file, as far as our own nets need it
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace bolo
{

struct Tensor {
  std::vector<int64_t> dims;
  std::vector<float> values;
};

struct Node {
  std::string operation;
  std::vector<std::string> inputs;
  std::vector<std::string> outputs;
  std::map<std::string, std::vector<int64_t>> integers; /* one number is a list of one */
  std::map<std::string, std::string> texts;
};

struct Graph {
  std::vector<Node> nodes;
  std::map<std::string, Tensor> constants;
  std::string input;
  std::string output;
};

/* Reads what an exporter wrote. Throws std::runtime_error with a sentence's end ("is cut short")
 * on bytes that are no such file. */
Graph parse_onnx (const uint8_t *data, size_t length);

} // namespace bolo
