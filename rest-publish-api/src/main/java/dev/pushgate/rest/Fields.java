package dev.pushgate.rest;

import dev.pushgate.core.name.ChannelName;
import dev.pushgate.core.outcome.Outcome;
import dev.pushgate.rest.json.JsonObject;
import dev.pushgate.rest.json.JsonValue;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The fields of a JSON object as a call expects them. What is wrong is noted, and null is given
/// instead; fields that no call asks for are passed over. Confined to its request.
final class Fields {
  static final String REQUIRED = "is required";

  private static final int MAX_DIGITS = 18;

  private final JsonObject object;
  private final Problems problems = new Problems();

  Fields(JsonObject object) {
    this.object = object;
  }

  /// Notes something that only the caller can tell.
  void problem(String field, String why) {
    problems.add(field, why);
  }

  boolean valid() {
    return problems.none();
  }

  <T> Outcome.Refused<T> refused() {
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
  @Nullable JsonValue any(String name) {
    return object.get(name);
  }

  /// The field as it stands; null when it is not there or is `null`.
  @Nullable JsonValue given(String name) {
    JsonValue value = object.get(name);
    return value == null || value.isNull() ? null : value;
  }

  @Nullable String text(String name, int minLength, int maxLength) {
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

  @Nullable String requiredText(String name, int minLength, int maxLength) {
    if (given(name) == null) {
      problem(name, REQUIRED);
      return null;
    }
    return text(name, minLength, maxLength);
  }

  @Nullable Boolean flag(String name) {
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
  @Nullable Long wholeNumber(String name, long min, long max) {
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

  @Nullable ChannelName requiredChannel(String name) {
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
