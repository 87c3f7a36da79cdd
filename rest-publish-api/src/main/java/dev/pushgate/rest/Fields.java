package dev.pushgate.rest;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.name.TextRule;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.rest.json.JsonObject;
import dev.pushgate.rest.json.JsonValue;
import dev.pushgate.rest.json.MalformedJson;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of a JSON object as a call expects them. What is wrong is noted, and null is given
/// instead; fields that no call asks for are passed over, unless the call says what becomes of
/// them. Confined to its caller.
public final class Fields {
  public static final String REQUIRED = "is required";

  static final String UNKNOWN = "is not known here";

  /// As many characters as the longest `long` has.
  private static final int MAX_DIGITS = 20;

  /// How many fields that no call knows are looked at, and told of.
  static final int MAX_STRANGE = 10;

  /// How much of an unknown name is quoted, in characters.
  private static final int QUOTED_LENGTH = 40;

  private final JsonObject object;
  private final String prefix;
  private final Problems problems;

  public Fields(JsonObject object) {
    this(object, "", new Problems());
  }

  private Fields(JsonObject object, String prefix, Problems problems) {
    this.object = object;
    this.prefix = prefix;
    this.problems = problems;
  }

  /// Notes each field that the call does not know. For calls that nobody but us has.
  ///
  /// @return this
  public Fields noneUnknown(KnownFields known) {
    strange(known)
        .forEach(
            name -> {
              String meant = meant(known, name);
              strange(name, meant == null ? UNKNOWN : unknown(meant));
            });
    return this;
  }

  /// Notes each field that the call does not know and whose name is nearly that of one that it does
  /// know and was not given. All others are passed over: PushFlo's clients may send what they like.
  ///
  /// @return this
  public Fields noneMisspelt(KnownFields known) {
    strange(known)
        .forEach(
            name -> {
              String meant = meant(known, name);
              if (meant != null) {
                strange(name, unknown(meant));
              }
            });
    return this;
  }

  /// Without cost where there are none, for it is asked of every message.
  private List<String> strange(KnownFields known) {
    List<String> strange = List.of();
    for (String name : object.fields().keySet()) {
      if (!known.has(name)) {
        strange = strange.isEmpty() ? new ArrayList<>() : strange;
        strange.add(name);
        if (strange.size() == MAX_STRANGE) {
          break;
        }
      }
    }
    return strange;
  }

  private @Nullable String meant(KnownFields known, String name) {
    return known.meantBy(name, field -> object.get(field) != null);
  }

  static String unknown(String meant) {
    return UNKNOWN + "; did you mean " + meant + "?";
  }

  private void strange(String name, String why) {
    problem(
        name.length() <= QUOTED_LENGTH ? name : name.substring(0, QUOTED_LENGTH) + "\u2026", why);
  }

  /// Notes something that only the caller can tell.
  public void problem(String field, String why) {
    problems.add(prefix + field, why);
  }

  public boolean valid() {
    return problems.none();
  }

  /// The `VALIDATION_ERROR` that tells all that was noted; to be asked only when something was.
  public <T> Outcome.Refused<T> refused() {
    return problems.refused();
  }

  /// Whether the field is there, be it `null`.
  boolean has(String name) {
    return object.get(name) != null;
  }

  /// Whether the field is there as `null`, which clears it.
  boolean clears(String name) {
    JsonValue value = object.get(name);
    return value != null && value.isNull();
  }

  /// The field as it stands, `null` included; null when it is not there.
  public @Nullable JsonValue any(String name) {
    return object.get(name);
  }

  /// The field as it stands; null when it is not there or is `null`.
  public @Nullable JsonValue given(String name) {
    JsonValue value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  public @Nullable String text(String name, int minLength, int maxLength) {
    JsonValue value = given(name);
    if (value == null) {
      return null;
    }
    if (!value.isString()) {
      problem(name, "must be a string");
      return null;
    }
    String text = value.text();
    String broken = TextRule.broken(text, minLength, maxLength);
    if (broken != null) {
      problem(name, broken);
      return null;
    }
    return text;
  }

  public @Nullable String requiredText(String name, int minLength, int maxLength) {
    if (given(name) == null) {
      problem(name, REQUIRED);
      return null;
    }
    return text(name, minLength, maxLength);
  }

  /// The fields of an object in this field; null when it is none. What is wrong with them is noted
  /// here, as `name.field`.
  public @Nullable Fields object(String name) {
    JsonValue value = given(name);
    if (value == null || !value.isObject()) {
      problem(name, value == null ? REQUIRED : "must be an object");
      return null;
    }
    try {
      return new Fields(value.object(), prefix + name + ".", problems);
    } catch (MalformedJson e) {
      problem(name, "is not valid: " + e.getMessage());
      return null;
    }
  }

  public @Nullable Boolean flag(String name) {
    JsonValue value = given(name);
    if (value == null) {
      return null;
    }
    if (!value.isBoolean()) {
      problem(name, "must be true or false");
      return null;
    }
    return value.isTrue();
  }

  /// A whole number, written without fraction or exponent.
  public @Nullable Long wholeNumber(String name, long min, long max) {
    JsonValue value = given(name);
    if (value == null) {
      return null;
    }
    Long number = wholeNumber(value);
    if (number == null || number < min || number > max) {
      problem(name, "must be a whole number from " + min + " to " + max);
      return null;
    }
    return number;
  }

  public @Nullable Long requiredWholeNumber(String name, long min, long max) {
    if (given(name) == null) {
      problem(name, REQUIRED);
      return null;
    }
    return wholeNumber(name, min, max);
  }

  /// The elements of an array that must be there and hold 1 to `max`; empty when it does not.
  List<JsonValue> list(String name, int max) {
    JsonValue value = given(name);
    if (value == null || !value.isArray()) {
      problem(name, value == null ? REQUIRED : "must be an array");
      return List.of();
    }
    List<JsonValue> elements = value.elements(max);
    if (elements.isEmpty() || elements.size() > max) {
      problem(name, "must hold 1 to " + max + " elements");
      return List.of();
    }
    return elements;
  }

  public @Nullable ChannelName requiredChannel(String name) {
    JsonValue value = given(name);
    if (value == null) {
      problem(name, REQUIRED);
      return null;
    }
    Optional<ChannelName> channel = channel(value);
    if (channel.isEmpty()) {
      problem(name, value.isString() ? ChannelName.RULE : "must be a string");
    }
    return channel.orElse(null);
  }

  /// The name of a channel in a value; empty when it is none.
  static Optional<ChannelName> channel(JsonValue value) {
    return value.isString() ? ChannelName.parse(value.text()) : Optional.empty();
  }

  private static @Nullable Long wholeNumber(JsonValue value) {
    if (value.length() > MAX_DIGITS) {
      return null;
    }
    try {
      return Long.valueOf(value.source());
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
