#pragma once

namespace faultline::process {

/// An open file descriptor, closed with the object. None of them survives an exec, unless it is
/// handed on by number.
class Descriptor {
  public:
    Descriptor() = default;
    explicit Descriptor(int number) : number_(number) {}
    ~Descriptor();
    Descriptor(Descriptor&& other) noexcept : number_(other.number_) { other.number_ = -1; }
    Descriptor& operator=(Descriptor&& other) noexcept;
    [[nodiscard]] int get() const { return number_; }

  private:
    int number_ = -1;
};

/// Both ends of a new pipe, closed at exec, and numbered above those that a program is handed, so
/// that handing one on never overwrites another. Throws Error(internal) when there are no more.
struct Pipe {
    Pipe();
    Descriptor from, to;
};

}  // namespace faultline::process
