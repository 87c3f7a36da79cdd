package dev.pushgate.rest;

import dev.pushgate.core.name.TextRule;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.core.store.ChannelCatalog.PageRequest;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The parameters of a query as a call expects them; works like [Fields]. Confined to its
/// request.
final class Query {
  private static final int DEFAULT_PAGE_SIZE = 25;
  private static final int MAX_PAGE_SIZE = 100;

  /// So that the number of rows before a page stays an `int`.
  private static final int MAX_PAGE = 10_000_000;

  private final Map<String, String> parameters = new LinkedHashMap<>();
  private final Problems problems = new Problems();

  /// @param query percent-encoded, without the `?`
  Query(String query) {
    for (int from = 0; from < query.length(); ) {
      int end = query.indexOf('&', from);
      end = end < 0 ? query.length() : end;
      if (end > from) {
        add(query.substring(from, end));
      }
      from = end + 1;
    }
  }

  private void add(String pair) {
    int equals = pair.indexOf('=');
    String name = PercentEncoding.decoded(equals < 0 ? pair : pair.substring(0, equals), true);
    String value = PercentEncoding.decoded(equals < 0 ? "" : pair.substring(equals + 1), true);
    if (name == null) {
      problems.add("query", "is not percent-encoded UTF-8");
    } else if (value == null) {
      problems.add(name, "is not percent-encoded UTF-8");
    } else if (parameters.put(name, value) != null) {
      problems.add(name, "is given twice");
    }
  }

  /// Notes each parameter that the call does not know, as [Fields#noneUnknown] does.
  ///
  /// @return this
  Query noneUnknown(KnownFields known) {
    return strange(known, true);
  }

  /// Notes each parameter that the call does not know and that is likely meant for one that it does
  /// know and was not given, as [Fields#noneMisspelt] does.
  ///
  /// @return this
  Query noneMisspelt(KnownFields known) {
    return strange(known, false);
  }

  private Query strange(KnownFields known, boolean isRefused) {
    parameters.keySet().stream()
        .filter(name -> !known.has(name))
        .limit(Fields.MAX_STRANGE)
        .forEach(
            name -> {
              String meant = known.meantBy(name, parameters::containsKey);
              if (meant != null) {
                problems.add(name, Fields.unknown(meant));
              } else if (isRefused) {
                problems.add(name, Fields.UNKNOWN);
              }
            });
    return this;
  }

  boolean valid() {
    return problems.none();
  }

  <T> Outcome.Refused<T> refused() {
    return problems.refused();
  }

  PageRequest page() {
    Long page = wholeNumber("page", 1, MAX_PAGE);
    Long pageSize = wholeNumber("pageSize", 1, MAX_PAGE_SIZE);
    return new PageRequest(
        page == null ? 1 : page.intValue(),
        pageSize == null ? DEFAULT_PAGE_SIZE : pageSize.intValue());
  }

  @Nullable String text(String name, int minLength, int maxLength) {
    String text = parameters.get(name);
    String broken = text == null ? null : TextRule.broken(text, minLength, maxLength);
    if (broken != null) {
      problems.add(name, broken);
      return null;
    }
    return text;
  }

  @Nullable Long wholeNumber(String name, long min, long max) {
    String text = parameters.get(name);
    if (text == null) {
      return null;
    }
    try {
      long number = Long.parseLong(text);
      if (number >= min && number <= max) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Said below, as for a number out of range.
    }
    problems.add(name, "must be a whole number from " + min + " to " + max);
    return null;
  }
}
