/* bolo-net-onednn.cpp: runs a plain convolution net with oneDNN, planned once for each size
 * SPDX-License-Identifier: GPL-3.0-or-later
 */
#include "bolo-net.hpp"

#include <cstring>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <unordered_map>

#include <oneapi/dnnl/dnnl.hpp>

#include "bolo-onnx.hpp"

extern "C" void omp_set_num_threads (int n);

namespace bolo
{

namespace
{

using dnnl::memory;
typedef memory::format_tag Tag;

const size_t MAX_PLANS = 8;        /* sizes of input kept ready */
const size_t MAX_PIXELS = 3000000; /* of all of them: a pixel takes some 60 bytes */

struct Step {
  dnnl::primitive primitive;
  std::unordered_map<int, memory> arguments;
};

/* Everything that one size of input needs: steps in their order, memory between them. */
struct Plan {
  std::vector<Step> steps;
  memory input;
  memory output; /* plain rows of maps */
  uint64_t last_used = 0;
};

int64_t
one_integer (const Node &node, const char *name, int64_t fallback)
{
  auto found = node.integers.find (name);

  return found == node.integers.end () ? fallback : found->second.at (0);
}

memory::dims
two_integers (const Node &node, const char *name, int64_t fallback)
{
  auto found = node.integers.find (name);

  if (found == node.integers.end ())
    return {fallback, fallback};
  if (found->second.size () != 2)
    throw std::runtime_error ("has a step that is not of two dimensions");
  return {found->second[0], found->second[1]};
}

/* Padding as oneDNN wants it: before, after. */
void
get_padding (const Node &node, memory::dims &before, memory::dims &after)
{
  auto found = node.integers.find ("pads");

  before = {0, 0};
  after = {0, 0};
  if (found == node.integers.end ())
    return;
  if (found->second.size () != 4)
    throw std::runtime_error ("has a step that is not of two dimensions");
  before = {found->second[0], found->second[1]};
  after = {found->second[2], found->second[3]};
}

int64_t
get_reach (int64_t size, int64_t kernel, int64_t stride, int64_t padding)
{
  int64_t reach = (size + padding - kernel) / stride + 1;

  if (reach < 1)
    throw std::runtime_error ("is given a picture too small for it");
  return reach;
}

class OnednnNet : public Net
{
public:
  OnednnNet (const uint8_t *onnx, size_t length, bool is_bfloat16)
      : graph (parse_onnx (onnx, length)), engine (dnnl::engine::kind::cpu, 0), stream (engine),
        type (is_bfloat16 ? memory::data_type::bf16 : memory::data_type::f32)
  {
    for (const Node &node : graph.nodes) {
      check (node);
      for (const std::string &name : node.inputs)
        uses[name]++;
    }
    uses[graph.output]++;
  }

  void
  run (const float *input, int width, int height, Maps &maps) override
  {
    omp_set_num_threads (1); /* holds for the calling thread only */
    Plan &plan = get_plan (width, height);
    memory::dims dims = plan.output.get_desc ().dims ();
    size_t total = static_cast<size_t> (dims[1] * dims[2] * dims[3]);

    std::memcpy (plan.input.get_data_handle (), input,
                 sizeof (float) * static_cast<size_t> (width) * static_cast<size_t> (height));
    for (Step &step : plan.steps)
      step.primitive.execute (stream, step.arguments);
    stream.wait ();
    maps.channels = static_cast<int> (dims[1]);
    maps.height = static_cast<int> (dims[2]);
    maps.width = static_cast<int> (dims[3]);
    maps.values.resize (total);
    std::memcpy (maps.values.data (), plan.output.get_data_handle (), total * sizeof (float));
  }

private:
  /* Values by name while a plan is made. */
  using Values = std::map<std::string, memory>;

  void
  check (const Node &node) const
  {
    static const std::set<std::string> known = {"Conv",   "Relu",     "MaxPool", "Add",
                                                "Resize", "Upsample", "Identity"};

    if (known.find (node.operation) == known.end ())
      throw std::runtime_error ("has a step that we do not know: " + node.operation);
    if (node.operation == "Conv" &&
        (one_integer (node, "group", 1) != 1 || two_integers (node, "dilations", 1)[0] != 1 ||
         two_integers (node, "dilations", 1)[1] != 1))
      throw std::runtime_error ("has a grouped or dilated convolution");
    if (node.operation == "MaxPool" && one_integer (node, "ceil_mode", 0) != 0)
      throw std::runtime_error ("has a pooling that rounds up");
    if (node.operation == "Resize" || node.operation == "Upsample")
      check_resize (node);
  }

  void
  check_resize (const Node &node) const
  {
    auto mode = node.texts.find ("mode");
    const Tensor *scales = nullptr;

    for (const std::string &name : node.inputs) {
      auto found = graph.constants.find (name);

      if (found != graph.constants.end () && found->second.values.size () == 4)
        scales = &found->second;
    }
    if ((mode != node.texts.end () && mode->second != "nearest") || scales == nullptr ||
        scales->values[0] != 1.0f || scales->values[1] != 1.0f || scales->values[2] != 2.0f ||
        scales->values[3] != 2.0f)
      throw std::runtime_error ("has a resize that does not double");
  }

  /* Makes room for a plan of @n_pixels: the ones not used for longest go. */
  void
  drop_plans (size_t n_pixels)
  {
    for (const auto &one : plans)
      n_pixels += static_cast<size_t> (one.first.first) * static_cast<size_t> (one.first.second);
    while (!plans.empty () && (n_pixels > MAX_PIXELS || plans.size () >= MAX_PLANS)) {
      auto oldest = plans.begin ();

      for (auto i = plans.begin (); i != plans.end (); ++i)
        if (i->second.last_used < oldest->second.last_used)
          oldest = i;
      n_pixels -=
        static_cast<size_t> (oldest->first.first) * static_cast<size_t> (oldest->first.second);
      plans.erase (oldest);
    }
  }

  Plan &
  get_plan (int width, int height)
  {
    std::pair<int, int> key (width, height);
    auto found = plans.find (key);

    if (found == plans.end ()) {
      drop_plans (static_cast<size_t> (width) * static_cast<size_t> (height));
      found = plans.emplace (key, make_plan (width, height)).first;
    }
    found->second.last_used = ++n_runs;
    return found->second;
  }

  memory
  get_value (const Values &values, const std::string &name) const
  {
    auto found = values.find (name);

    if (found == values.end ())
      throw std::runtime_error ("uses a value before it is made: " + name);
    return found->second;
  }

  /* Brings @value into the layout @wanted when it is in another. */
  memory
  bring (Plan &plan, const memory &value, const memory::desc &wanted)
  {
    if (value.get_desc () == wanted)
      return value;
    memory out (wanted, engine);

    plan.steps.push_back (
      {dnnl::reorder (value, out), {{DNNL_ARG_FROM, value}, {DNNL_ARG_TO, out}}});
    return out;
  }

  /* Weights are the same for every plan of a layout: brought there once. */
  memory
  get_weights (const std::string &name, Tag tag, const memory::desc &wanted)
  {
    const Tensor &tensor = get_constant (name);
    auto &ready = weights[name];

    for (const memory &one : ready)
      if (one.get_desc () == wanted)
        return one;
    memory plain ({tensor.dims, memory::data_type::f32, tag}, engine);
    memory out (wanted, engine);

    std::memcpy (plain.get_data_handle (), tensor.values.data (),
                 tensor.values.size () * sizeof (float));
    dnnl::reorder (plain, out).execute (stream, plain, out);
    stream.wait ();
    ready.push_back (out);
    return out;
  }

  const Tensor &
  get_constant (const std::string &name) const
  {
    auto found = graph.constants.find (name);

    if (found == graph.constants.end ())
      throw std::runtime_error ("has a convolution without weights");
    return found->second;
  }

  /* The Relu that alone uses the result of node @index, to be done in the same step. */
  const Node *
  get_following_relu (size_t index) const
  {
    const std::string &name = graph.nodes[index].outputs[0];

    if (uses.at (name) != 1 || index + 1 >= graph.nodes.size ())
      return nullptr;
    const Node &next = graph.nodes[index + 1];

    return next.operation == "Relu" && next.inputs.at (0) == name ? &next : nullptr;
  }

  static dnnl::primitive_attr
  get_attributes (bool has_relu)
  {
    dnnl::primitive_attr attributes;

    if (has_relu) {
      dnnl::post_ops operations;

      operations.append_eltwise (1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
      attributes.set_post_ops (operations);
    }
    return attributes;
  }

  memory
  add_convolution (Plan &plan, const Values &values, const Node &node, bool has_relu)
  {
    memory in = get_value (values, node.inputs.at (0));
    const Tensor &kernel = get_constant (node.inputs.at (1));
    memory::dims strides = two_integers (node, "strides", 1);
    memory::dims before, after;
    memory::dims dims = in.get_desc ().dims ();

    get_padding (node, before, after);
    if (kernel.dims.size () != 4 || kernel.dims[1] != dims[1])
      throw std::runtime_error ("has a convolution whose weights do not fit");
    memory::dims out_dims = {1, kernel.dims[0],
                             get_reach (dims[2], kernel.dims[2], strides[0], before[0] + after[0]),
                             get_reach (dims[3], kernel.dims[3], strides[1], before[1] + after[1])};
    /* One grey channel: the plain layout is read as it is. */
    memory::desc in_wanted (dims, type, dims[1] == 1 ? Tag::nchw : Tag::any);
    memory::desc kernel_any (kernel.dims, type, Tag::any);
    memory::desc bias_any ({kernel.dims[0]}, memory::data_type::f32, Tag::x);
    memory::desc out_any (out_dims, type, Tag::any);
    dnnl::convolution_forward::primitive_desc description (
      {dnnl::prop_kind::forward_inference, dnnl::algorithm::convolution_direct, in_wanted,
       kernel_any, bias_any, out_any, strides, before, after},
      get_attributes (has_relu), engine);
    memory out (description.dst_desc (), engine);
    memory bias = node.inputs.size () > 2 ? get_weights (node.inputs[2], Tag::x, bias_any)
                                          : get_no_bias (kernel.dims[0]);

    plan.steps.push_back (
      {dnnl::convolution_forward (description),
       {{DNNL_ARG_SRC, bring (plan, in, description.src_desc ())},
        {DNNL_ARG_WEIGHTS, get_weights (node.inputs[1], Tag::oihw, description.weights_desc ())},
        {DNNL_ARG_BIAS, bias},
        {DNNL_ARG_DST, out}}});
    return out;
  }

  memory
  get_no_bias (int64_t channels)
  {
    memory bias ({{channels}, memory::data_type::f32, Tag::x}, engine);

    std::memset (bias.get_data_handle (), 0, sizeof (float) * static_cast<size_t> (channels));
    return bias;
  }

  memory
  add_pooling (Plan &plan, const Values &values, const Node &node)
  {
    memory in = get_value (values, node.inputs.at (0));
    memory::dims kernel = two_integers (node, "kernel_shape", 1);
    memory::dims strides = two_integers (node, "strides", 1);
    memory::dims before, after;
    memory::dims dims = in.get_desc ().dims ();

    get_padding (node, before, after);
    memory::desc out_any ({1, dims[1],
                           get_reach (dims[2], kernel[0], strides[0], before[0] + after[0]),
                           get_reach (dims[3], kernel[1], strides[1], before[1] + after[1])},
                          type, Tag::any);
    dnnl::pooling_forward::primitive_desc description (
      {dnnl::prop_kind::forward_inference, dnnl::algorithm::pooling_max, in.get_desc (), out_any,
       strides, kernel, before, after},
      engine);
    memory out (description.dst_desc (), engine);

    plan.steps.push_back (
      {dnnl::pooling_forward (description), {{DNNL_ARG_SRC, in}, {DNNL_ARG_DST, out}}});
    return out;
  }

  memory
  add_sum (Plan &plan, const Values &values, const Node &node, bool has_relu)
  {
    memory first = get_value (values, node.inputs.at (0));
    memory second = get_value (values, node.inputs.at (1));

    if (first.get_desc ().dims () != second.get_desc ().dims ())
      throw std::runtime_error ("adds values of different sizes");
    memory brought = bring (plan, second, first.get_desc ());
    dnnl::binary::primitive_desc description (
      {dnnl::algorithm::binary_add, first.get_desc (), first.get_desc (), first.get_desc ()},
      get_attributes (has_relu), engine);
    memory out (description.dst_desc (), engine);

    plan.steps.push_back (
      {dnnl::binary (description),
       {{DNNL_ARG_SRC_0, first}, {DNNL_ARG_SRC_1, brought}, {DNNL_ARG_DST, out}}});
    return out;
  }

  memory
  add_doubling (Plan &plan, const Values &values, const Node &node)
  {
    memory in = get_value (values, node.inputs.at (0));
    memory::dims dims = in.get_desc ().dims ();
    memory::desc out_any ({1, dims[1], dims[2] * 2, dims[3] * 2}, type, Tag::any);
    dnnl::resampling_forward::primitive_desc description ({dnnl::prop_kind::forward_inference,
                                                           dnnl::algorithm::resampling_nearest,
                                                           in.get_desc (), out_any},
                                                          engine);
    memory out (description.dst_desc (), engine);

    plan.steps.push_back (
      {dnnl::resampling_forward (description), {{DNNL_ARG_SRC, in}, {DNNL_ARG_DST, out}}});
    return out;
  }

  memory
  add_relu (Plan &plan, const Values &values, const Node &node)
  {
    memory in = get_value (values, node.inputs.at (0));
    dnnl::eltwise_forward::primitive_desc description (
      {dnnl::prop_kind::forward_inference, dnnl::algorithm::eltwise_relu, in.get_desc (), 0.0f},
      engine);
    memory out (in.get_desc (), engine);

    plan.steps.push_back (
      {dnnl::eltwise_forward (description), {{DNNL_ARG_SRC, in}, {DNNL_ARG_DST, out}}});
    return out;
  }

  Plan
  make_plan (int width, int height)
  {
    Plan plan;
    Values values;

    plan.input = memory ({{1, 1, height, width}, memory::data_type::f32, Tag::nchw}, engine);
    values[graph.input] = plan.input;
    for (size_t i = 0; i < graph.nodes.size (); i++) {
      const Node &node = graph.nodes[i];
      const Node *relu =
        node.operation == "Conv" || node.operation == "Add" ? get_following_relu (i) : nullptr;
      const std::string &name = relu != nullptr ? relu->outputs[0] : node.outputs[0];

      if (node.operation == "Conv")
        values[name] = add_convolution (plan, values, node, relu != nullptr);
      else if (node.operation == "MaxPool")
        values[name] = add_pooling (plan, values, node);
      else if (node.operation == "Add")
        values[name] = add_sum (plan, values, node, relu != nullptr);
      else if (node.operation == "Relu")
        values[name] = add_relu (plan, values, node);
      else if (node.operation == "Identity")
        values[name] = get_value (values, node.inputs.at (0));
      else
        values[name] = add_doubling (plan, values, node);
      if (relu != nullptr)
        i++;
    }
    memory last = get_value (values, graph.output);

    plan.output = bring (plan, last, {last.get_desc ().dims (), memory::data_type::f32, Tag::nchw});
    return plan;
  }

  Graph graph;
  dnnl::engine engine;
  dnnl::stream stream;
  memory::data_type type; /* of what goes between the steps, and of the weights */
  std::map<std::string, int> uses;
  std::map<std::string, std::vector<memory>> weights;
  std::map<std::pair<int, int>, Plan> plans;
  uint64_t n_runs = 0;
};

} // namespace

bool
has_bfloat16 ()
{
  constexpr auto wanted = static_cast<unsigned> (dnnl::cpu_isa::avx512_core_bf16);

  return (static_cast<unsigned> (dnnl::get_effective_cpu_isa ()) & wanted) == wanted;
}

std::unique_ptr<Net>
make_onednn_net (const uint8_t *onnx, size_t length, bool is_bfloat16)
{
  if (is_bfloat16 && !has_bfloat16 ())
    throw std::runtime_error ("cannot be run in bfloat16 by this processor");
  return std::make_unique<OnednnNet> (onnx, length, is_bfloat16);
}

} // namespace bolo
