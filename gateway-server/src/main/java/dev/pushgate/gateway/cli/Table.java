package dev.pushgate.gateway.cli;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Rows for people, below a header, with each column as wide as it needs. Confined to one command.
final class Table {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  /// @param header what the columns are called
  Table(String... header) {
    row(header);
  }

  /// A row with a field for each column; what a terminal would obey is shown and not obeyed.
  void row(String... fields) {
    rows.add(Arrays.stream(fields).map(ControlFilter::escaped).toList());
  }

  /// A time to the second; `otherwise` when there is none.
  static String time(@Nullable Instant time, String otherwise) {
    return time == null ? otherwise : time.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /// The lines, without a line break at the end.
  String text() {
    return rows.stream().map(this::line).collect(Collectors.joining(System.lineSeparator()));
  }

  private String line(List<String> row) {
    return IntStream.range(0, row.size())
        .mapToObj(column -> padded(row.get(column), width(column)))
        .collect(Collectors.joining(GAP))
        .stripTrailing();
  }

  private int width(int column) {
    return rows.stream().mapToInt(row -> row.get(column).length()).max().orElse(0);
  }

  private static String padded(String field, int width) {
    return field + " ".repeat(width - field.length());
  }
}
