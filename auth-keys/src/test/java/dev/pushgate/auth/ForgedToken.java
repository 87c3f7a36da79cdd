package dev.pushgate.auth;

import dev.pushgate.auth.App.SigningSecret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Tokens made by hand, right or wrong, without the library that checks them. Immutable.
///
/// @param header JSON
/// @param payload JSON
record ForgedToken(String header, String payload) {
  static ForgedToken of(SigningSecret named, String payload) {
    return new ForgedToken(header("HS256", named.kid()), payload);
  }

  static String header(String algorithm, String kid) {
    return "{\"alg\":\"" + algorithm + "\",\"typ\":\"JWT\",\"kid\":\"" + kid + "\"}";
  }

  /// The token with an HMAC under this secret.
  String signedWith(SigningSecret secret) {
    return signed("HmacSHA256", secret.secret().reveal().getBytes(StandardCharsets.UTF_8));
  }

  String signed(String macAlgorithm, byte[] key) {
    try {
      Mac mac = Mac.getInstance(macAlgorithm);
      mac.init(new SecretKeySpec(key, macAlgorithm));
      String input = unsigned();
      return input + "." + encode(mac.doFinal(input.getBytes(StandardCharsets.US_ASCII)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  /// The token with any text as its signature.
  String withSignature(String signature) {
    return unsigned() + "." + signature;
  }

  private String unsigned() {
    return encode(header.getBytes(StandardCharsets.UTF_8))
        + "."
        + encode(payload.getBytes(StandardCharsets.UTF_8));
  }

  private static String encode(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
