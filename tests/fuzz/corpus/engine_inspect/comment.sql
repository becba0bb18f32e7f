select a, -- b
 /* c */ 'it''s' from t;