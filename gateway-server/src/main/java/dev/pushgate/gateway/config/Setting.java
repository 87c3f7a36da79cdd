package dev.pushgate.gateway.config;

import dev.pushgate.auth.Secret;
import io.smallrye.config.WithDefault;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// One setting, as its method in [Settings] declares it. Immutable.
///
/// @param name as in `pushgate.http.port`
/// @param isOptional whether it may be absent: then it has no default
record Setting(String name, Method method, SettingType<?> type, boolean isOptional) {
  private static final String PREFIX = "pushgate.";
  private static final Set<Class<?>> SECRETS =
      Set.of(Secret.class, StoreUrl.class, RelayUrls.class);

  /// Every setting there is, in the order of their names.
  static final List<Setting> ALL =
      declaredIn(Settings.class, PREFIX).sorted((a, b) -> a.name.compareTo(b.name)).toList();

  private static Stream<Setting> declaredIn(Class<?> group, String prefix) {
    return Arrays.stream(group.getDeclaredMethods())
        .filter(method -> !method.isSynthetic())
        .flatMap(method -> declaredBy(method, prefix + kebabCase(method.getName())));
  }

  private static Stream<Setting> declaredBy(Method method, String name) {
    Class<?> type = method.getReturnType();
    boolean isOptional = type == Optional.class;
    boolean isGroup = type.isInterface() && type.getPackage() == Settings.class.getPackage();
    return isGroup
        ? declaredIn(type, name + ".")
        : Stream.of(new Setting(name, method, SettingType.of(valueType(method)), isOptional));
  }

  private static Class<?> valueType(Method method) {
    Type type = method.getGenericReturnType();
    return type instanceof ParameterizedType optional
        ? (Class<?>) optional.getActualTypeArguments()[0]
        : method.getReturnType();
  }

  private static String kebabCase(String camelCase) {
    return camelCase.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }

  /// The environment variable of this setting: `PUSHGATE_HTTP_PORT`.
  String variable() {
    return name.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
  }

  /// Whether it may hold what not everybody is to see: then it can be read from a file of its own.
  boolean mayBeSecret() {
    return SECRETS.contains(type.type());
  }

  @Nullable String defaultText() {
    WithDefault annotation = method.getAnnotation(WithDefault.class);
    return annotation == null ? null : annotation.value();
  }

  @Nullable Between bounds() {
    return method.getAnnotation(Between.class);
  }

  /// What is wrong with this text as a value, as the end of a sentence; empty when nothing is.
  Optional<String> problemWith(String text) {
    if (text.isBlank()) {
      return isOptional ? Optional.empty() : Optional.of("is empty");
    }
    return problemWith(text, type);
  }

  private <T> Optional<String> problemWith(String text, SettingType<T> as) {
    T value;
    try {
      value = as.converter().convert(text);
    } catch (IllegalArgumentException e) {
      return Optional.of(String.valueOf(e.getMessage()));
    }
    Between bounds = bounds();
    return bounds == null || isWithin(value, bounds, as)
        ? Optional.empty()
        : Optional.of("is not between " + bounds.from() + " and " + bounds.to());
  }

  @SuppressWarnings("unchecked") // only settings whose values are comparable have bounds
  private static <T> boolean isWithin(T value, Between bounds, SettingType<T> as) {
    Comparable<T> comparable = (Comparable<T>) value;
    return comparable.compareTo(as.converter().convert(bounds.from())) >= 0
        && comparable.compareTo(as.converter().convert(bounds.to())) <= 0;
  }
}
