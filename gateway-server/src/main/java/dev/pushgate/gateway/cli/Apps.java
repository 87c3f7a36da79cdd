package dev.pushgate.gateway.cli;

import dev.pushgate.auth.App;
import dev.pushgate.auth.NewApp;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.TextRule;
import dev.pushgate.gateway.protocol.client.JsonText;
import java.time.Clock;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// `pushgate apps`. Confined to one command.
@Command(
    name = "apps",
    description = "Make, list and set apps, in the database; also beside a running gateway.",
    synopsisSubcommandLabel = "COMMAND")
final class Apps implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private static final int MAX_NAME_LENGTH = 128;

  private Apps() {}

  static CommandLine commandLine(Clock clock) {
    return new CommandLine(new Apps())
        .addSubcommand(new Create(clock))
        .addSubcommand(new Listing(clock))
        .addSubcommand(new AppSettings(clock));
  }

  @Override
  public void run() {
    Conventions.help(spec);
  }

  static Map<String, @Nullable Object> shown(App app) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("id", app.id());
    shown.put("name", app.name());
    shown.put("allowedOrigins", app.allowedOrigins());
    shown.put("undeclaredChannels", app.undeclaredChannels());
    shown.put("publishKeysRead", app.publishKeysRead());
    shown.put("createdAt", app.createdAt());
    return shown;
  }

  /// `pushgate apps create`.
  @Command(
      name = "create",
      description = "Make an app and its three keys, which are shown only now.")
  static final class Create implements Runnable {
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private SettingsOptions settings = new SettingsOptions();

    @Parameters(
        paramLabel = "ID",
        description = "Its id: 1-64 of a-z 0-9 _ -, beginning with a letter or digit.")
    private String id = "";

    @Option(
        names = "--name",
        paramLabel = "TEXT",
        description = "Its name for people. Default: its id.")
    private @Nullable String name;

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    Create(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void run() {
      Output out = new Output(spec);
      AppId appId = out.appId(id);
      String title = name == null ? id : name;
      out.check(TextRule.length(title) <= MAX_NAME_LENGTH, "a name has at most 128 characters");
      NewApp made = NewApp.generate(appId, title, clock.instant());
      try (KeyDatabase database = KeyDatabase.open(settings.read().settings(), clock)) {
        if (!KeyDatabase.await(database.store().createApp(made.app(), made.keys("first keys")))) {
          throw new CommandFailedException("there is an app \"" + id + "\" already");
        }
      }
      out.print(asJson ? JsonText.object(withKeys(made)) : sentence(made));
    }

    private static Map<String, @Nullable Object> withKeys(NewApp made) {
      Map<String, @Nullable Object> shown = shown(made.app());
      shown.put("publishKey", made.publishKey().reveal());
      shown.put("secretKey", made.secretKey().reveal());
      shown.put("managementKey", made.managementKey().reveal());
      return shown;
    }

    private static String sentence(NewApp made) {
      return """
      The app "%s" has these keys; they are shown only now:
        publish key     %s
        secret key      %s
        management key  %s"""
          .formatted(
              made.app().id(),
              made.publishKey().reveal(),
              made.secretKey().reveal(),
              made.managementKey().reveal());
    }
  }

  /// `pushgate apps list`.
  @Command(name = "list", description = "List the apps.")
  static final class Listing implements Runnable {
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private SettingsOptions settings = new SettingsOptions();

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    Listing(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void run() {
      Output out = new Output(spec);
      try (KeyDatabase database = KeyDatabase.open(settings.read().settings(), clock)) {
        List<App> apps =
            database.directory().apps().stream().sorted(Comparator.comparing(App::id)).toList();
        if (asJson) {
          out.print(Output.array(apps, Apps::shown));
        } else {
          Table table = new Table("ID", "CREATED", "ORIGINS", "UNDECLARED", "KEYS READ", "NAME");
          apps.forEach(app -> table.row(row(app)));
          out.print(table.text());
        }
      }
    }

    private static String[] row(App app) {
      return new String[] {
        app.id().value(),
        Table.time(app.createdAt(), ""),
        String.join(",", app.allowedOrigins()),
        app.undeclaredChannels() ? "yes" : "no",
        app.publishKeysRead() ? "yes" : "no",
        app.name()
      };
    }
  }
}
