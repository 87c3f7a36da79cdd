package dev.pushgate.gateway.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/// The values that a setting may have, both ends included, written as they are in the
/// configuration.
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
@interface Between {
  String from();

  String to();
}
