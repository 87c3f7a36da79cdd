package dev.pushgate.rest;

/// Reads the header `Authorization` (RFC 6750, section 2.1). Stateless.
final class Bearer {
  private static final String SCHEME = "Bearer ";

  private Bearer() {}

  /// The key or token behind `Bearer`; empty when there is none, for the authenticator to say so.
  static String credential(ApiRequest request) {
    String header = request.header("authorization");
    return header != null && header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
        ? header.substring(SCHEME.length()).strip()
        : "";
  }
}
