package dev.pushgate.auth;

import com.nimbusds.jose.util.Base64URL;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The three parts of a signed token (RFC 7515, section 3.1), taken apart without looking into
/// them. Only its outer shape has been checked: nothing in it may be believed yet. Immutable.
///
/// @param header base64url, as it was sent
/// @param payload base64url, as it was sent
/// @param signature base64url of the 32 bytes of an HS256 signature
record CompactToken(String header, String payload, String signature) {
  private static final int MAX_HEADER_LENGTH = 1024;
  private static final int SIGNATURE_LENGTH = 43;
  // 43 characters hold 258 bits: those that leave the last two bits 0. Others would decode to the
  // same
  // signature, and a token that was tampered with there would pass.
  private static final String LAST_OF_SIGNATURE = "AEIMQUYcgkosw048";

  /// The parts of `text`; empty when it has not the shape of a token signed with HS256.
  static Optional<CompactToken> split(String text) {
    int first = text.indexOf('.');
    int second = text.indexOf('.', first + 1);
    if (first < 1 || first > MAX_HEADER_LENGTH || second < first + 2) {
      return Optional.empty();
    }
    CompactToken token =
        new CompactToken(
            text.substring(0, first),
            text.substring(first + 1, second),
            text.substring(second + 1));
    return token.hasShape() ? Optional.of(token) : Optional.empty();
  }

  private boolean hasShape() {
    return signature.length() == SIGNATURE_LENGTH
        && LAST_OF_SIGNATURE.indexOf(signature.charAt(SIGNATURE_LENGTH - 1)) >= 0
        && Base64Url.isAlphabet(signature, 0)
        && Base64Url.isAlphabet(header, 0)
        && Base64Url.isAlphabet(payload, 0);
  }

  /// The header; null when it is no JSON object, or one in which something is named twice. Of it,
  /// only what is asked for is looked at: keys and certificates that a stranger may have put there
  /// are not.
  @Nullable Map<String, Object> parseHeader() {
    return parse(header);
  }

  /// The claims; null when they are no JSON object, or one in which something is named twice.
  @Nullable Map<String, Object> parsePayload() {
    return parse(payload);
  }

  private static @Nullable Map<String, Object> parse(String part) {
    String json = new Base64URL(part).decodeToString().strip();
    // Most garbage ends here and does not cost an exception; and arrays are taken for objects
    // further on.
    if (!json.startsWith("{") || !json.endsWith("}")) {
      return null;
    }
    try {
      Map<String, Object> parsed = JSONObjectUtils.parse(json);
      return RepeatedNames.in(json) ? null : parsed;
    } catch (ParseException e) {
      return null;
    }
  }

  /// What the signature is over: the first two parts as they were sent.
  byte[] signingInput() {
    return (header + '.' + payload).getBytes(StandardCharsets.US_ASCII);
  }

  /// Without its parts, for it is a credential.
  @Override
  public String toString() {
    return "CompactToken";
  }
}
