package dev.pushgate.rest;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Finds the routes of a path. Immutable.
final class RouteTable {
  private final Map<String, Resource> fixed = new HashMap<>();
  private final List<Resource> variable = new ArrayList<>();

  RouteTable(List<Route> routes) {
    Map<String, Map<String, Route>> byPath = new LinkedHashMap<>();
    for (Route route : routes) {
      byPath
          .computeIfAbsent(route.path(), path -> new LinkedHashMap<>())
          .put(route.method(), route);
    }
    byPath.forEach(this::add);
  }

  private void add(String path, Map<String, Route> byMethod) {
    String allowed = allowed(byMethod);
    int open = path.indexOf('{');
    if (open < 0) {
      fixed.put(path, new Resource(path, "", byMethod, allowed));
    } else {
      String suffix = path.substring(path.indexOf('}') + 1);
      variable.add(new Resource(path.substring(0, open), suffix, byMethod, allowed));
    }
  }

  private static String allowed(Map<String, Route> byMethod) {
    List<String> methods = new ArrayList<>(byMethod.keySet());
    if (byMethod.containsKey("GET")) {
      methods.add("HEAD");
    }
    methods.add("OPTIONS");
    return String.join(", ", methods);
  }

  /// What is at `path`; null when nothing is.
  @Nullable Found find(String path) {
    Resource resource = fixed.get(path);
    if (resource != null) {
      return new Found(resource, "");
    }
    for (Resource candidate : variable) {
      String parameter = candidate.parameterIn(path);
      if (parameter != null) {
        return new Found(candidate, parameter);
      }
    }
    return null;
  }

  /// @param parameter the variable segment of the path, as sent; empty when the path has none
  record Found(Resource resource, String parameter) {}

  /// All methods of one path. Immutable.
  ///
  /// @param prefix the path up to its variable segment, or all of it
  /// @param suffix what follows on the variable segment
  /// @param allowed the methods answered here, as the header `Allow` lists them
  record Resource(String prefix, String suffix, Map<String, Route> byMethod, String allowed) {

    @Nullable Route route(String method) {
      return byMethod.get(method.equals("HEAD") ? "GET" : method);
    }

    private @Nullable String parameterIn(String path) {
      int end = path.length() - suffix.length();
      if (end <= prefix.length() || !path.startsWith(prefix) || !path.endsWith(suffix)) {
        return null;
      }
      String parameter = path.substring(prefix.length(), end);
      return parameter.indexOf('/') < 0 ? parameter : null;
    }
  }
}
