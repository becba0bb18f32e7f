#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/pipeline.h"

namespace faultline::graph {

/// One fill colour an owner, in the order in which the document first names them, so that adding a
/// node at the end repaints nothing. The colours are Paul Tol's "light" scheme, which the common
/// kinds of colour blindness keep apart and black text is read on; beyond eight owners they repeat,
/// which is why the owner is written on the node as well.
class Palette {
  public:
    explicit Palette(const model::Pipeline& pipeline);
    /// "#rrggbb"; a node without an owner is pale grey.
    [[nodiscard]] const std::string& colour_of(const std::string& owner) const;
    [[nodiscard]] const std::vector<std::string>& owners() const { return owners_; }

  private:
    std::vector<std::string> owners_;
    std::map<std::string, std::string> colours_;
};

}  // namespace faultline::graph
