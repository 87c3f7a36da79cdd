package dev.pushgate.gateway.page;

import dev.pushgate.rest.json.JsonObject;
import dev.pushgate.rest.json.JsonValue;
import dev.pushgate.rest.json.MalformedJson;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// All files that are given away, by their paths; read from the jar and hashed once. Immutable.
///
/// @param byPath each path begins with `/`
record PublicFiles(Map<String, PublicFile> byPath) {
  private static final String HTML = "text/html; charset=utf-8";
  private static final String CSS = "text/css; charset=utf-8";
  private static final String JAVASCRIPT = "text/javascript; charset=utf-8";
  private static final String TYPESCRIPT = "application/typescript; charset=utf-8";
  private static final String SVG = "image/svg+xml";

  private static final List<String> STYLES =
      List.of("page.css", "page-feed.css", "page-forms.css", "page-status.css");
  private static final List<String> SCRIPTS =
      List.of(
          "page.js",
          "page-channels.js",
          "page-copy.js",
          "page-curl.js",
          "page-feed.js",
          "page-filter.js",
          "page-news.js",
          "page-plot.js",
          "page-publish.js",
          "page-rows.js",
          "page-start.js",
          "page-state.js",
          "page-wanted.js");

  /// A browser asks each time whether it has the newest, and is mostly told that it has.
  private static final String ASK_AGAIN = "no-cache";

  /// What a version's file holds never changes.
  private static final String FOR_EVER = "public, max-age=31536000, immutable";

  private static final Map<String, String> OF_THE_MODULE =
      Map.of(
          "x-content-type-options", "nosniff",
          "access-control-allow-origin", "*",
          "cross-origin-resource-policy", "cross-origin");

  private static final Map<String, String> OF_THE_PAGES_FILES =
      Map.of(
          "x-content-type-options", "nosniff",
          "cross-origin-resource-policy", "same-origin",
          "referrer-policy", "no-referrer");

  /// The page holds keys: nothing of anybody else runs in it, frames it or is told of it.
  private static final Map<String, String> OF_THE_PAGE =
      Map.of(
          "x-content-type-options",
          "nosniff",
          "content-security-policy",
          "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self';"
              + " img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
          "x-frame-options",
          "DENY",
          "cross-origin-opener-policy",
          "same-origin",
          "cross-origin-resource-policy",
          "same-origin",
          "referrer-policy",
          "no-referrer",
          "permissions-policy",
          "camera=(), microphone=(), geolocation=(), payment=(), usb=()");

  /// @param withPage whether the page at `/` is among them
  static PublicFiles load(boolean withPage) {
    Map<String, PublicFile> files = new HashMap<>();
    byte[] module = resource("client/pushgate.js");
    files.put("/pushgate.js", PublicFile.of(module, JAVASCRIPT, ASK_AGAIN, OF_THE_MODULE));
    files.put(
        "/pushgate-" + version() + ".js",
        PublicFile.of(module, JAVASCRIPT, FOR_EVER, OF_THE_MODULE));
    files.put(
        "/pushgate.d.ts",
        PublicFile.of(resource("client/pushgate.d.ts"), TYPESCRIPT, ASK_AGAIN, OF_THE_MODULE));
    if (withPage) {
      files.put("/", PublicFile.of(resource("page/index.html"), HTML, ASK_AGAIN, OF_THE_PAGE));
      addOfPage(files, CSS, STYLES);
      addOfPage(files, JAVASCRIPT, SCRIPTS);
      addOfPage(files, SVG, List.of("favicon.svg"));
    }
    return new PublicFiles(Map.copyOf(files));
  }

  private static void addOfPage(
      Map<String, PublicFile> files, String contentType, List<String> names) {
    for (String name : names) {
      files.put(
          "/" + name,
          PublicFile.of(resource("page/" + name), contentType, ASK_AGAIN, OF_THE_PAGES_FILES));
    }
  }

  /// The version of the client module, as its package has it.
  static String version() {
    try {
      JsonValue version =
          JsonObject.ofBytes(resource("client/package.json"))
              .map(manifest -> manifest.get("version"))
              .orElseThrow();
      return version.text();
    } catch (MalformedJson e) {
      throw new IllegalStateException("the client module's package.json is broken", e);
    }
  }

  private static byte[] resource(String name) {
    try (InputStream in = PublicFiles.class.getResourceAsStream("/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the jar lacks " + name);
      }
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("the jar cannot be read", e);
    }
  }
}
