package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The URLs of a relay's shards. They may hold passwords: it prints without them. Immutable.
///
/// @param all each as it was written
public record RelayUrls(List<Secret> all) {
  /// A comma also stands between the hosts of a sentinel's URL: only one before a scheme separates.
  private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*(?=[A-Za-z-]+://)");

  private static final Pattern FORM =
      Pattern.compile("(redis|rediss|redis-sentinel)://[^\\s?/#]+.*", Pattern.DOTALL);

  public RelayUrls {
    all = List.copyOf(all);
  }

  /// @throws IllegalArgumentException with the end of a sentence for people, without what is in the
  ///     URLs
  static RelayUrls parse(String text) {
    List<String> urls = Arrays.asList(SEPARATOR.split(text.strip()));
    if (!urls.stream().allMatch(url -> FORM.matcher(url).matches())) {
      throw new IllegalArgumentException(
          "is not a list of URLs such as redis://host:6379, rediss://user:password@host:6379/0 or"
              + " redis-sentinel://host:26379,host:26379/0#master");
    }
    if (urls.stream().distinct().count() < urls.size()) {
      throw new IllegalArgumentException("names one URL twice");
    }
    return new RelayUrls(urls.stream().map(Secret::new).toList());
  }

  /// Without what stands before an `@` or behind a `?`.
  @Override
  public String toString() {
    return all.stream()
        .map(Secret::reveal)
        .map(url -> url.replaceFirst("(?s)://.*@", "://[redacted]@"))
        .map(url -> url.replaceFirst("(?s)\\?[^#]*", "?[redacted]"))
        .collect(Collectors.joining(", "));
  }
}
