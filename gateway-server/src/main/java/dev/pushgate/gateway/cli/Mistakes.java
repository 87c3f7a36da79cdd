package dev.pushgate.gateway.cli;

import dev.pushgate.core.name.EditDistance;
import java.util.Collection;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Says what is wrong with a command line, and what was likely meant. Thread-safe.
final class Mistakes {
  private static final String OF_THE_LAUNCHER = "bench";

  private Mistakes() {}

  /// One sentence for people, without a full stop.
  static String sentence(ParameterException mistake) {
    return mistake instanceof UnmatchedArgumentException unmatched
            && !unmatched.getUnmatched().isEmpty()
        ? unknown(unmatched.getUnmatched().getFirst(), mistake.getCommandLine())
        : String.valueOf(mistake.getMessage());
  }

  private static String unknown(String word, CommandLine at) {
    Set<String> commands = at.getSubcommands().keySet();
    if (word.startsWith("-") && word.length() > 1) {
      String name = word.replaceFirst("=.*", "");
      return "there is no option "
          + name
          + suggestion(name, at.getCommandSpec().optionsMap().keySet());
    }
    if (commands.isEmpty()) {
      return "there is one argument too many: \"" + word + "\"";
    }
    String sentence = "there is no command \"" + word + "\"";
    return word.equals(OF_THE_LAUNCHER)
        ? sentence + " in this program: ./pushgate of a checkout has it"
        : sentence + suggestion(word, commands);
  }

  private static String suggestion(String word, Collection<String> names) {
    return EditDistance.nearest(word, names).map(name -> "; did you mean " + name + "?").orElse("");
  }
}
