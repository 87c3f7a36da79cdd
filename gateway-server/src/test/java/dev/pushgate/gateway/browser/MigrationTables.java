package dev.pushgate.gateway.browser;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The tables of docs/migrate.md that say which of PushFlo's names are here. Immutable.
///
/// @param tables a heading to the rows below it
record MigrationTables(Map<String, List<Row>> tables) {
  private static final Path DOCUMENT = Path.of("..", "docs", "migrate.md");
  private static final Pattern HEADING = Pattern.compile("#### (.+)");
  private static final Pattern ROW = Pattern.compile("\\| `(\\w+)` \\| (yes|no) \\|.*");

  /// @param here whether the name is there
  record Row(String name, boolean here) {}

  static MigrationTables read() throws IOException {
    Map<String, List<Row>> tables = new LinkedHashMap<>();
    List<Row> rows = new ArrayList<>();
    for (String line : Files.readAllLines(DOCUMENT)) {
      Matcher heading = HEADING.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        rows = new ArrayList<>();
        tables.put(heading.group(1), rows);
      } else if (row.matches()) {
        rows.add(new Row(row.group(1), "yes".equals(row.group(2))));
      }
    }
    return new MigrationTables(tables);
  }

  List<Row> below(String heading) {
    List<Row> rows = tables.getOrDefault(heading, List.of());
    if (rows.isEmpty()) {
      throw new AssertionError("no table below " + heading + " among " + tables.keySet());
    }
    return rows;
  }
}
