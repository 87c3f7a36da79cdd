package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import dev.pushgate.gateway.relay.redis.RelayUrl;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// The URLs of a relay's shards. They may hold passwords: it prints without them. Immutable.
///
/// @param all each as it was written
public record RelayUrls(List<Secret> all) {
  /// A comma also stands between the hosts of a sentinel's URL: only one before a scheme separates.
  private static final Pattern SEPARATOR = Pattern.compile("\\s*,\\s*(?=[A-Za-z-]+://)");

  public RelayUrls {
    all = List.copyOf(all);
  }

  /// @throws IllegalArgumentException with the end of a sentence for people, without what is in the
  ///     URLs
  static RelayUrls parse(String text) {
    List<Secret> all = new ArrayList<>();
    List<RelayUrl> urls = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (String one : SEPARATOR.split(text.strip(), -1)) {
      all.add(new Secret(one));
      try {
        urls.add(RelayUrl.parse(one));
      } catch (IllegalArgumentException e) {
        problems.add("number " + all.size() + " " + e.getMessage());
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException("is not a list of URLs: " + String.join("; ", problems));
    }
    refuseTwins(urls);
    return new RelayUrls(all);
  }

  /// One server in two databases is refused too: what pub/sub carries is not kept apart by them.
  private static void refuseTwins(List<RelayUrl> urls) {
    Set<String> names = new HashSet<>();
    Set<String> servers = new HashSet<>();
    for (RelayUrl url : urls) {
      boolean isNew = names.add(url.name());
      if (!servers.add(url.servers()) || !isNew) {
        throw new IllegalArgumentException("names one Redis twice: " + url.name());
      }
    }
  }

  /// Without what stands before an `@`.
  @Override
  public String toString() {
    return all.stream()
        .map(Secret::reveal)
        .map(url -> url.replaceFirst("(?s)://.*@", "://[redacted]@"))
        .collect(Collectors.joining(", "));
  }
}
