package dev.pushgate.gateway.cli;

import dev.pushgate.auth.ApiKey;
import dev.pushgate.auth.KeyKind;
import dev.pushgate.auth.KeyStore.Revocation;
import dev.pushgate.auth.NewKey;
import dev.pushgate.core.name.AppId;
import dev.pushgate.core.name.TextRule;
import dev.pushgate.gateway.protocol.client.JsonText;
import java.time.Clock;
import java.time.Instant;
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

/// `pushgate keys`. Confined to one command.
@Command(
    name = "keys",
    description = "Make, list and revoke API keys, in the database; also beside a running gateway.",
    synopsisSubcommandLabel = "COMMAND")
final class Keys implements Runnable {
  @Spec private CommandSpec spec = CommandSpec.create();

  private Keys() {}

  static CommandLine commandLine(Clock clock) {
    return new CommandLine(new Keys())
        .addSubcommand(new Create(clock))
        .addSubcommand(new Listing(clock))
        .addSubcommand(new Revoke(clock));
  }

  @Override
  public void run() {
    Conventions.help(spec);
  }

  private static Map<String, @Nullable Object> shown(ApiKey key) {
    Map<String, @Nullable Object> shown = new LinkedHashMap<>();
    shown.put("id", key.id());
    shown.put("app", key.app());
    shown.put("kind", key.kind().wireName());
    shown.put("label", key.label());
    shown.put("hint", key.hint());
    shown.put("createdAt", key.createdAt());
    shown.put("expiresAt", key.expiresAt());
    shown.put("lastUsedAt", key.lastUsedAt());
    shown.put("revokedAt", key.revokedAt());
    return shown;
  }

  /// Which database and which app a command is about.
  static final class Place {
    @Mixin private SettingsOptions settings = new SettingsOptions();

    @Option(
        names = "--app",
        paramLabel = "ID",
        defaultValue = "default",
        description = "The app. Default: default.")
    private String id = "default";

    KeyDatabase open(Clock clock) {
      return KeyDatabase.open(settings.read().settings(), clock);
    }

    AppId app(Output out) {
      return out.appId(id);
    }
  }

  /// `pushgate keys create`.
  @Command(name = "create", description = "Make a key, which is shown only now.")
  static final class Create implements Runnable {
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Place place = new Place();

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        required = true,
        description = "publish, secret or management.")
    private String kind = "";

    @Option(names = "--label", paramLabel = "TEXT", description = "What it is for.")
    private String label = "";

    @Option(
        names = "--expires-at",
        paramLabel = "TIME",
        description = "When it ends, such as 2027-01-31T00:00:00Z. Default: never.")
    private @Nullable Instant expiresAt;

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    Create(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void run() {
      Output out = new Output(spec);
      AppId app = place.app(out);
      KeyKind keyKind =
          out.present(KeyKind.ofWireName(kind), "--kind is publish, secret or management");
      out.check(
          TextRule.length(label) <= ApiKey.MAX_LABEL_LENGTH,
          "a label has at most " + ApiKey.MAX_LABEL_LENGTH + " characters");
      out.check(
          expiresAt == null || ApiKey.mayEndAt(expiresAt, clock.instant()),
          "--expires-at is not in the future, or not before the year 10000");
      try (KeyDatabase database = place.open(clock)) {
        database.require(app);
        NewKey made = KeyDatabase.await(database.keys().create(app, keyKind, label, expiresAt));
        out.print(asJson ? JsonText.object(withText(made)) : made.text().reveal());
      }
    }

    private static Map<String, @Nullable Object> withText(NewKey made) {
      Map<String, @Nullable Object> shown = shown(made.key());
      shown.put("key", made.text().reveal());
      return shown;
    }
  }

  /// `pushgate keys list`.
  @Command(
      name = "list",
      description = "List an app's keys, newest first; not the keys themselves.")
  static final class Listing implements Runnable {
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Place place = new Place();

    @Option(names = "--json", description = "Print JSON.")
    private boolean asJson;

    Listing(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void run() {
      Output out = new Output(spec);
      AppId app = place.app(out);
      try (KeyDatabase database = place.open(clock)) {
        database.require(app);
        List<ApiKey> keys = database.keys().list(app);
        if (asJson) {
          out.print(Output.array(keys, Keys::shown));
        } else {
          Table table =
              new Table(
                  "ID", "KIND", "BEGINS", "STATE", "CREATED", "EXPIRES", "LAST USED", "LABEL");
          keys.forEach(key -> add(key, table));
          out.print(table.text());
        }
      }
    }

    private void add(ApiKey key, Table table) {
      table.row(
          key.id(),
          key.kind().wireName(),
          key.hint() + "...",
          state(key),
          Table.time(key.createdAt(), ""),
          Table.time(key.expiresAt(), "never"),
          Table.time(key.lastUsedAt(), "never"),
          key.label());
    }

    private String state(ApiKey key) {
      return key.revokedAt() != null ? "revoked" : key.isLive(clock.instant()) ? "live" : "expired";
    }
  }

  /// `pushgate keys revoke`.
  @Command(name = "revoke", description = "Revoke a key: what is connected with it is closed.")
  static final class Revoke implements Runnable {
    private final Clock clock;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private Place place = new Place();

    @Parameters(paramLabel = "KEY_ID", description = "The key's id, as keys list shows it.")
    private String keyId = "";

    @Option(names = "--json", description = "Print the key as JSON.")
    private boolean asJson;

    Revoke(Clock clock) {
      this.clock = clock;
    }

    @Override
    public void run() {
      Output out = new Output(spec);
      AppId app = place.app(out);
      try (KeyDatabase database = place.open(clock)) {
        database.require(app);
        String sentence = sentence(KeyDatabase.await(database.keys().revoke(app, keyId)));
        out.print(asJson ? JsonText.object(shown(revoked(database))) : sentence);
      }
    }

    private ApiKey revoked(KeyDatabase database) {
      return database.directory().byId(keyId).orElseThrow();
    }

    private String sentence(Revocation revocation) {
      return switch (revocation) {
        case REVOKED -> "revoked " + keyId;
        case WAS_REVOKED -> keyId + " was revoked already";
        case NOT_FOUND -> throw new CommandFailedException("the app has no key " + keyId);
        case LAST_MANAGEMENT_KEY ->
            throw new CommandFailedException(
                "this is the app's last management key; make another first");
      };
    }
  }
}
