"""Room 4: findings and coverage become a verdict, and a verdict becomes words for people."""
