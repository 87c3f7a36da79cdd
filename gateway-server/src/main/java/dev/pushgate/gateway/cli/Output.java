package dev.pushgate.gateway.cli;

import dev.pushgate.core.name.AppId;
import dev.pushgate.gateway.protocol.client.JsonText;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// What a command prints, and how it complains about what it was given. Confined to one command.
final class Output {
  private final CommandSpec spec;

  Output(CommandSpec spec) {
    this.spec = spec;
  }

  void print(String line) {
    spec.commandLine().getOut().println(line);
    spec.commandLine().getOut().flush();
  }

  /// @throws ParameterException with this sentence when it does not hold
  void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new ParameterException(spec.commandLine(), otherwise);
    }
  }

  /// @throws ParameterException with this sentence when there is none
  <T> T present(Optional<T> value, String otherwise) {
    return value.orElseThrow(() -> new ParameterException(spec.commandLine(), otherwise));
  }

  /// @throws ParameterException when this is no app's id
  AppId appId(String text) {
    try {
      return new AppId(text);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()), e);
    }
  }

  /// A JSON array with an object for each item.
  static <T> String array(List<T> items, Function<T, Map<String, @Nullable Object>> properties) {
    return items.stream()
        .map(item -> JsonText.object(properties.apply(item)))
        .collect(Collectors.joining(",", "[", "]"));
  }
}
