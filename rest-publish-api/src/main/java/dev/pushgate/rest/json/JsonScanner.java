package dev.pushgate.rest.json;

/// Walks over JSON text (RFC 8259, strictly, in strict UTF-8) and remembers nothing but where it
/// is. Confined to its caller.
///
/// It is our own because a payload is carried to the byte: a parser that understands what it
/// reads refuses some of what the grammar allows (half a surrogate pair, escaped, in a key),
/// decodes keys that nobody asks for into a table shared by all requests, and sets limits on
/// numbers and names. This one decodes nothing. There is one limit, the depth, and one for the
/// size before it gets here.
final class JsonScanner {
  /// How deep arrays and objects may be nested. Bounds this walk's own stack and that of whoever
  /// parses the payload after us.
  static final int MAX_DEPTH = 500;

  private final byte[] json;
  private final int end;
  private final boolean checksUtf8;
  private int at;

  private JsonScanner(byte[] json, int start, int end, boolean checksUtf8) {
    this.json = json;
    this.at = start;
    this.end = end;
    this.checksUtf8 = checksUtf8;
  }

  /// Over bytes as they came: that they are UTF-8 is checked on the way.
  static JsonScanner ofBytes(byte[] json) {
    return new JsonScanner(json, 0, json.length, true);
  }

  /// Over bytes that are known to be UTF-8.
  static JsonScanner ofText(byte[] json, int start, int end) {
    return new JsonScanner(json, start, end, false);
  }

  /// Where the next byte is.
  int at() {
    return at;
  }

  boolean atEnd() {
    return at == end;
  }

  /// The next byte, which stays.
  byte peek() throws MalformedJson {
    if (at == end) {
      throw MalformedJson.byGrammar("it ends too early, at byte " + end);
    }
    return json[at];
  }

  void skipBlanks() {
    while (at < end && isBlank(json[at])) {
      at++;
    }
  }

  /// Goes up to the first byte of a document, which must have one.
  void begin() throws MalformedJson {
    skipBlanks();
    if (atEnd()) {
      throw MalformedJson.byGrammar("it is empty");
    }
  }

  /// Goes to the end of a document, where only blanks may be.
  void finish() throws MalformedJson {
    skipBlanks();
    if (!atEnd()) {
      throw unexpected("nothing more");
    }
  }

  /// Goes over the next byte if it is this one.
  boolean take(char expected) {
    if (at < end && json[at] == expected) {
      at++;
      return true;
    }
    return false;
  }

  void expect(char expected) throws MalformedJson {
    if (peek() != expected) {
      throw unexpected("a " + expected);
    }
    at++;
  }

  /// Goes over one value with all that is in it.
  ///
  /// @param depth how many arrays and objects it stands in
  void skipValue(int depth) throws MalformedJson {
    switch (peek()) {
      case '{' -> skipObject(depth + 1);
      case '[' -> skipArray(depth + 1);
      case '"' -> skipString();
      case 't' -> skipWord("true");
      case 'f' -> skipWord("false");
      case 'n' -> skipWord("null");
      default -> skipNumber();
    }
  }

  private void skipObject(int depth) throws MalformedJson {
    limit(depth);
    at++;
    skipBlanks();
    if (take('}')) {
      return;
    }
    do {
      skipBlanks();
      skipKey();
      skipColon();
      skipValue(depth);
      skipBlanks();
    } while (take(','));
    expect('}');
  }

  /// Goes over a key, which is a string.
  void skipKey() throws MalformedJson {
    if (peek() != '"') {
      throw unexpected("a key in double quotes");
    }
    skipString();
  }

  /// Goes over the colon behind a key, up to the value.
  void skipColon() throws MalformedJson {
    skipBlanks();
    expect(':');
    skipBlanks();
  }

  private void skipArray(int depth) throws MalformedJson {
    limit(depth);
    at++;
    skipBlanks();
    if (take(']')) {
      return;
    }
    do {
      skipBlanks();
      skipValue(depth);
      skipBlanks();
    } while (take(','));
    expect(']');
  }

  private void skipString() throws MalformedJson {
    at++;
    while (true) {
      byte b = peek();
      if (b < 0) {
        skipSequence();
      } else if (b == '"') {
        at++;
        return;
      } else if (b == '\\') {
        skipEscape();
      } else if (b < ' ') {
        throw MalformedJson.byGrammar(
            "there is a bare control character in a string at byte " + at);
      } else {
        at++;
      }
    }
  }

  private void skipSequence() throws MalformedJson {
    int length = checksUtf8 ? Utf8.sequenceLength(json, at, end) : 1;
    if (length == 0) {
      throw MalformedJson.byGrammar("it is not valid UTF-8 at byte " + at);
    }
    at += length;
  }

  private void skipEscape() throws MalformedJson {
    at++;
    switch (peek()) {
      case '"', '\\', '/', 'b', 'f', 'n', 'r', 't' -> at++;
      case 'u' -> {
        at++;
        for (int i = 0; i < 4; i++, at++) {
          if (Character.digit(peek(), 16) < 0) {
            throw unexpected("a hexadecimal digit");
          }
        }
      }
      default -> throw unexpected("an escape");
    }
  }

  private void skipWord(String word) throws MalformedJson {
    for (int i = 0; i < word.length(); i++, at++) {
      if (peek() != word.charAt(i)) {
        throw unexpected("the word " + word);
      }
    }
  }

  private void skipNumber() throws MalformedJson {
    if (!take('-') && !isDigit(peek())) {
      throw unexpected("a value");
    }
    if (!take('0')) {
      skipDigits();
    }
    if (take('.')) {
      skipDigits();
    }
    if (take('e') || take('E')) {
      if (!take('+')) {
        take('-');
      }
      skipDigits();
    }
  }

  private void skipDigits() throws MalformedJson {
    if (!isDigit(peek())) {
      throw unexpected("a digit");
    }
    while (at < end && isDigit(json[at])) {
      at++;
    }
  }

  /// Says that something else was due than what is at the next byte.
  MalformedJson unexpected(String due) {
    if (json[at] < 0 && Utf8.sequenceLength(json, at, end) == 0) {
      return MalformedJson.byGrammar("it is not valid UTF-8 at byte " + at);
    }
    return MalformedJson.byGrammar("expected " + due + " at byte " + at);
  }

  private static void limit(int depth) throws MalformedJson {
    if (depth > MAX_DEPTH) {
      throw MalformedJson.byRule("it is nested deeper than " + MAX_DEPTH + " levels");
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }

  private static boolean isBlank(byte b) {
    return b == ' ' || b == '\n' || b == '\r' || b == '\t';
  }
}
