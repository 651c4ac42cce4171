#include "connectors/reading/markdown.hpp"

#include <algorithm>
#include <optional>

#include "connectors/reading/html.hpp"
#include "connectors/reading/text.hpp"

namespace campaignd {

namespace {

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n'; }

bool is_punctuation(char c) {
  return (c >= '!' && c <= '/') || (c >= ':' && c <= '@') || (c >= '[' && c <= '`') || (c >= '{' && c <= '~');
}

/// Where each '[' and '(' of a text closes; npos: nowhere. Escaped ones do not count.
std::vector<std::size_t> closing_brackets(std::string_view text) {
  std::vector<std::size_t> out(text.size(), text.npos), square, round;
  for (std::size_t i = 0; i < text.size(); ++i) {
    char c = text[i];
    if (c == '\\') ++i;
    if (c == '[' || c == '(') (c == '[' ? square : round).push_back(i);
    if (c != ']' && c != ')') continue;
    auto& open = c == ']' ? square : round;
    if (open.empty()) continue;
    out[open.back()] = i;
    open.pop_back();
  }
  return out;
}

/// [label](target), from its '[' to behind its ')'.
struct Link {
  std::size_t label, label_end, end;
  std::string_view target;
};

/// How much of `text` is an address written out; 0: it begins with none.
std::size_t address_length(std::string_view text) {
  if (!text.starts_with("https://") && !text.starts_with("http://")) return 0;
  auto end = std::min(text.find_first_of(" \t\n<>\"`[]()|"), text.size());
  while (std::string_view(".,;:!?'*_~").find(text[end - 1]) != std::string_view::npos) --end;
  return end;
}

/// A run of '*', '_' and '~' between a word and no word is emphasis; inside a word '_' is itself, as is what stands
/// alone.
bool is_emphasis(std::string_view text, std::size_t at, std::size_t end) {
  char left = at == 0 ? ' ' : text[at - 1];
  char right = end == text.size() ? ' ' : text[end];
  if (is_space(left) && is_space(right)) return false;
  return is_space(left) || is_space(right) || is_punctuation(left) || is_punctuation(right) || text[at] != '_';
}

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text), closing_(closing_brackets(text)) {}

  MarkdownText read() {
    read(0, text_.size());
    return std::move(out_);
  }

 private:
  void read(std::size_t at, std::size_t end) {
    while (at < end) at = step(at);
  }

  std::size_t step(std::size_t at) {
    char c = text_[at];
    char next = at + 1 < text_.size() ? text_[at + 1] : ' ';
    if (c == '\\' && is_punctuation(next)) return keep(next, at + 2);
    if (c == '!' && next == '[')
      if (auto image = link_at(at + 1)) return keep_image(*image);
    if (c == '[' && !in_label_)
      if (auto link = link_at(at)) return keep_link(*link);
    if (auto length = c == 'h' ? address_length(text_.substr(at)) : 0; length > 0) return keep_address(at, length);
    if (c == '*' || c == '_' || c == '~') return keep_marks(at);
    return keep(c, at + 1);
  }

  std::optional<Link> link_at(std::size_t at) const {
    auto label_end = closing_[at];
    auto opens = label_end + 1;
    if (label_end == text_.npos || opens >= text_.size() || text_[opens] != '(') return std::nullopt;
    auto target_end = closing_[opens];
    if (target_end == text_.npos) return std::nullopt;
    auto target = text_.substr(opens + 1, target_end - opens - 1);
    target = target.substr(0, target.find_first_of(" \t\n"));  // what follows is the link's title
    if (target.starts_with('<') && target.ends_with('>')) target = target.substr(1, target.size() - 2);
    return Link{at + 1, label_end, target_end + 1, target};
  }

  std::size_t keep(char c, std::size_t next) {
    out_.text += c;
    return next;
  }

  std::size_t keep_image(const Link& image) {
    ++out_.images;
    auto label = text_.substr(image.label, image.label_end - image.label);
    if (!label.empty()) out_.alt_text.append(label) += '\n';
    return image.end;
  }

  std::size_t keep_link(const Link& link) {
    in_label_ = true;  // a link holds no link
    read(link.label, link.label_end);
    in_label_ = false;
    out_.links.emplace_back(link.target);
    return link.end;
  }

  std::size_t keep_address(std::size_t at, std::size_t length) {
    out_.links.emplace_back(text_.substr(at, length));
    out_.text += text_.substr(at, length);
    return at + length;
  }

  /// A run of marks is looked at once, as a whole.
  std::size_t keep_marks(std::size_t at) {
    auto end = std::min(text_.find_first_not_of("*_~", at), text_.size());
    if (!is_emphasis(text_, at, end)) out_.text += text_.substr(at, end - at);
    return end;
  }

  const std::string_view text_;
  const std::vector<std::size_t> closing_;
  MarkdownText out_;
  bool in_label_ = false;
};

}  // namespace

MarkdownText read_markdown(std::string_view markdown) {
  auto text = clean_utf8(decode_entities(markdown));
  return Reader(text).read();
}

}  // namespace campaignd
